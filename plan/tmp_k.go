package plan

const locationKeep = "keep"
