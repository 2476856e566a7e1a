package plan

// For the tests of package plan_test: the account that a plan is applied to,
// and whether golden files are rewritten.
var (
	Applied      = apply
	UpdateGolden = update
)
