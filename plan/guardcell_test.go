package plan_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"provision/plan"
)

func TestGuardCell(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                   "",
		"Ada Wells":          "Ada Wells",
		"+16505550101":       "+16505550101",
		"-5":                 "-5",
		"-5.25":              "-5.25",
		"00042":              "00042",
		"O'Neil":             "O'Neil",
		"'quoted'":           "'quoted'",
		"=1+1":               "'=1+1",
		"+1-650-555-0101":    "'+1-650-555-0101",
		"+cmd|' /C calc'!A0": "'+cmd|' /C calc'!A0",
		"-":                  "'-",
		"@SUM(A1)":           "'@SUM(A1)",
		"\t=1":               "'\t=1",
		"  =1":               "'  =1",
		"＝1":                 "'＝1",
		"'=1":                "''=1",
		"' '=1":              "'' '=1",
	} {
		if got := plan.GuardCell(in); got != want {
			t.Errorf("GuardCell(%q): got %q, want %q", in, got, want)
		}
		if got := plan.UnguardCell(want); got != in {
			t.Errorf("UnguardCell(%q): got %q, want %q", want, got, in)
		}
	}
}

// riskyText draws texts that are mostly made of what the rule looks at.
func riskyText() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.StringMatching(`['\x{a0} =+\-@＝\t\n0-9.a]{0,8}`))
}

func TestGuardCellIsReversible(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) { checkGuard(rt, riskyText().Draw(rt, "cell")) })
}

func FuzzGuardCell(f *testing.F) {
	for _, s := range []string{"=1", "'=1", "+16505550101", "' '-", "\xff=", "＠x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkGuard(t, s) })
}

type failer interface {
	Fatalf(format string, args ...any)
}

func checkGuard(t failer, s string) {
	g := plan.GuardCell(s)
	if back := plan.UnguardCell(g); back != s {
		t.Fatalf("%q became %q and then %q", s, g, back)
	}
	if strings.ContainsAny(g[:min(1, len(g))], "=@\t\r\n") {
		t.Fatalf("GuardCell(%q) = %q still begins like a formula", s, g)
	}
	if g != "" && (g[0] == '+' || g[0] == '-') && strings.Trim(g[1:], "0123456789.") != "" {
		t.Fatalf("GuardCell(%q) = %q is signed but no number", s, g)
	}
}
