package sheet

import (
	"fmt"
	"slices"
	"strings"

	"provision/plan"
)

// vocabulary is a column's set of words: what people write, folded, to what it
// means.
type vocabulary struct {
	words map[string]string
	code  string // of the problem
	list  string // the words to offer
}

var (
	yesNo = vocabulary{code: "yes_no_invalid", list: "yes or no", words: map[string]string{
		"yes": "yes", "y": "yes", "true": "yes", "x": "yes", "1": "yes", "on": "yes", "✓": "yes", "✔": "yes", "☑": "yes",
		"no": "no", "n": "no", "false": "no", "0": "no", "off": "no", "☐": "no",
	}}
	keepWords = vocabulary{code: "keep_assets_invalid", list: "yes, number or no", words: map[string]string{
		"yes": string(plan.KeepAll), "y": string(plan.KeepAll), "true": string(plan.KeepAll), "x": string(plan.KeepAll), "1": string(plan.KeepAll),
		"number": string(plan.KeepNumber), "numberonly": string(plan.KeepNumber),
		"no": string(plan.KeepNone), "n": string(plan.KeepNone), "false": string(plan.KeepNone), "0": string(plan.KeepNone),
	}}
	tollTypes = vocabulary{code: "toll_type_invalid", list: "Toll or TollFree", words: map[string]string{
		"toll": "Toll", "tollfree": "TollFree",
	}}
	deviceTypes = vocabulary{code: "device_type_invalid", list: "OtherPhone or WebRTC, or leave it empty for any phone; what its maker calls a phone belongs into the column model", words: map[string]string{
		"otherphone": plan.TypeOtherPhone, "webrtc": plan.TypeWebRTC,
	}}
)

// foldWord brings a word to the form in which vocabularies have it.
func foldWord(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '_' {
			return -1
		}
		return r
	}, strings.ToLower(s))
}

// word normalises a value of a vocabulary.
func (n *normaliser) word(c columnID, raw string, v vocabulary) plan.Value {
	text, ok := n.usable(c, raw, true)
	if !ok {
		return plan.Value{}
	}
	folded := foldWord(text)
	if digits, form := wholeDigits(folded); form == wholeNumber {
		folded = digits // 1.0 is 1
	}
	meaning, ok := v.words[folded]
	if !ok {
		message := "write " + v.list
		if c == colDeviceType {
			message += n.typeHint()
		}
		n.fail(c, raw, v.code, message)
		return plan.Value{}
	}
	return plan.Value{Text: meaning, Cell: n.cell(c)}
}

// typeHint says how to be rid of a column of makers' types at once.
func (n *normaliser) typeHint() string {
	header, means := n.line.layout.value(n.at[colDeviceType]), registry[colModel].name
	if n.at[colModel] >= 0 {
		means = keepOnly
	}
	return fmt.Sprintf(`; for the whole column say --map "%s=%s"`, header, means)
}

// actions are the words of the column action.
var actions = []plan.Action{plan.ActionAdd, plan.ActionUpdate, plan.ActionSwap, plan.ActionRemove, plan.ActionStock, plan.ActionUnstock, plan.ActionIgnore}

// otherActions are the words of other systems for ours. They are only offered:
// what "delete" takes away elsewhere need not be what remove does.
var otherActions = map[plan.Action]plan.Action{
	"create": plan.ActionAdd, "new": plan.ActionAdd, "insert": plan.ActionAdd, "activate": plan.ActionAdd,
	"change": plan.ActionUpdate, "modify": plan.ActionUpdate, "edit": plan.ActionUpdate, "move": plan.ActionUpdate,
	"replace": plan.ActionSwap, "exchange": plan.ActionSwap,
	"delete": plan.ActionRemove, "terminate": plan.ActionRemove, "deactivate": plan.ActionRemove, "disable": plan.ActionRemove,
	"skip": plan.ActionIgnore, "none": plan.ActionIgnore, "keep": plan.ActionIgnore,
}

func (n *normaliser) action(raw string) (plan.Action, plan.Cell) {
	const c = colAction
	text, ok := n.usable(c, raw, true)
	if !ok {
		return plan.ActionEnsure, plan.Cell{}
	}
	word := plan.Action(strings.ToLower(text))
	if slices.Contains(actions, word) {
		return word, n.cell(c)
	}
	near := otherActions[word]
	for _, a := range actions {
		if near == "" && EditDistance(string(word), string(a), 3) < 3 {
			near = a
		}
	}
	hint := ""
	if near != "" {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	n.fail(c, raw, "action_invalid", "an action is one of add, update, swap, remove, stock, unstock, ignore, or empty"+hint)
	return plan.ActionEnsure, n.cell(c)
}

// email normalises an email address to lower case.
func (n *normaliser) email(raw string) plan.Value {
	const c = colEmail
	text, ok := n.usable(c, raw, true)
	if !ok {
		return plan.Value{}
	}
	name, domain, two := strings.Cut(text, "@")
	if !two || name == "" || domain == "" || strings.IndexFunc(text, splitsEmails) >= 0 || strings.Contains(domain, "@") || !strings.Contains(domain, ".") || strings.HasSuffix(domain, ".") {
		n.fail(c, raw, "email_invalid", "this is no single email address; write it as in ada@example.com")
		return plan.Value{}
	}
	return plan.Value{Text: strings.ToLower(text), Cell: n.cell(c)}
}

// splitsEmails tells what stands around and between several addresses.
func splitsEmails(r rune) bool {
	switch r {
	case ' ', ',', ';', '<', '>', '"', '(', ')':
		return true
	}
	return false
}

// location takes an emergency location's name, "id:…" or "keep".
func (n *normaliser) location(raw string) plan.Value {
	v := n.text(colLocation, raw, maxName)
	if strings.EqualFold(v.Text, "keep") {
		v.Text = "keep"
	}
	prefix, arg, ok := strings.Cut(v.Text, ":")
	if !ok || !strings.EqualFold(strings.TrimSpace(prefix), "id") {
		return v
	}
	arg = strings.TrimSpace(arg)
	if !isID(arg) {
		n.fail(colLocation, raw, "id_invalid", "write the location's id as id:12345")
		return plan.Value{}
	}
	v.Text = "id:" + arg
	return v
}

// replaceWith reads which phone a swap puts on the line.
func (n *normaliser) replaceWith(raw string) plan.Replacement {
	const c = colReplaceWith
	text, ok := n.usable(c, raw, true)
	if !ok {
		return plan.Replacement{}
	}
	r, code, problem := parseReplacement(text)
	if problem != "" {
		n.fail(c, raw, code, problem)
		return plan.Replacement{}
	}
	r.Cell = n.cell(c)
	return r
}

// parseReplacement reads the forms of replace_with. The last two results are
// the code and the words for what is wrong.
func parseReplacement(text string) (r plan.Replacement, code, problem string) {
	const invalid = "replace_with_invalid"
	const forms = "write id:…, serial:…, name:…, ext:…, inventory, inventory@SITE or new"
	word := strings.ToLower(text)
	if word == "new" || word == "inventory" {
		return plan.Replacement{Form: plan.ReplaceForm(word)}, "", ""
	}
	if site, ok := cutPrefixFold(text, "inventory@"); ok {
		if site = strings.TrimSpace(site); site == "" {
			return r, invalid, "name the site behind inventory@, or write inventory for the extension's own"
		}
		return plan.Replacement{Form: plan.ReplaceInventory, Arg: site}, "", ""
	}
	form, arg, ok := strings.Cut(text, ":")
	form, arg = strings.ToLower(strings.TrimSpace(form)), strings.TrimSpace(arg)
	if !ok || arg == "" {
		return r, invalid, forms
	}
	switch plan.ReplaceForm(form) {
	case plan.ReplaceID:
		if !isID(arg) {
			return r, "id_invalid", "write the device's id as id:12345"
		}
	case plan.ReplaceSerial:
		if arg, problem = parseMAC(arg); problem != "" {
			return r, "serial_invalid", problem
		}
	case plan.ReplaceExtension:
		if !isDigits(arg) || len(arg) > maxExtension {
			return r, "extension_invalid", fmt.Sprintf("an extension number is made of up to %d digits", maxExtension)
		}
	case plan.ReplaceName:
	case plan.ReplaceNone, plan.ReplaceInventory, plan.ReplaceNew:
		return r, invalid, forms
	default:
		return r, invalid, forms
	}
	return plan.Replacement{Form: plan.ReplaceForm(form), Arg: arg}, "", ""
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return "", false
	}
	return s[len(prefix):], true
}
