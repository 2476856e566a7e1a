package plan

// BenchInput lends the benchmarks' rows and account to plan_test, which may
// read sheets.
var BenchInput = benchInput
