package plan

import options "flag" // the package has a function of that name

var update = options.Bool("update", false, "rewrite the golden files")
