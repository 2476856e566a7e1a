package doctor

import (
	"slices"
	"strings"

	"provision/plan"
	"provision/rcclient"
)

// Scopes of the app (API reference).
const (
	scopeRead = "ReadAccounts"
	// scopeEdit includes reading.
	scopeEdit = "EditAccounts"
)

// Needs are what the work on some rows needs of app and user.
type Needs struct {
	// Write: something is changed, not only read.
	Write bool
	// Features and Permissions by name, sorted (API reference).
	Features    []string
	Permissions []string
	// Work names the kinds of work, for people.
	Work []string
	// List: only the account-wide device list, which is not in the public
	// contract, can answer what the rows ask.
	List bool
	// Hardware: a serial or model is written, which no public operation does.
	Hardware bool
}

// need is a kind of work and what it takes.
type need struct {
	work        string
	write       bool
	features    []string
	permissions []string
}

// The kinds of work (API reference, the operations' scopes, features and
// permissions). Where it states no permission for an operation none is named.
func reading() need {
	return need{
		work: "read", features: []string{rcclient.FeatureReadAccountDevices, rcclient.FeatureReadExtensionDevices},
		permissions: []string{"ReadCompanyInfo", "ReadExtensions", "ReadCompanyDevices", "ReadUserDevices"},
	}
}

func writing(action plan.Action) []need {
	add := need{"add", true, []string{rcclient.FeatureAddRemoveDevices}, []string{"AddRemoveDevices"}}
	update := need{"update", true, []string{rcclient.FeatureEditAccountDevices}, []string{"EditCompanyDevices"}}
	swap := need{"swap", true, nil, []string{"EditUserDevices"}}
	remove := need{"remove", true, nil, []string{"EditAccountDevices"}}
	stock := need{"stock", true, []string{rcclient.FeatureEditAccountDevices}, nil}
	unstock := need{"unstock", true, []string{rcclient.FeatureAddRemoveDevices}, nil}
	switch action {
	case plan.ActionEnsure:
		return []need{add, update}
	case plan.ActionAdd:
		return []need{add, update}
	case plan.ActionUpdate:
		return []need{update}
	case plan.ActionSwap:
		return []need{swap, update}
	case plan.ActionRemove:
		return []need{remove}
	case plan.ActionStock:
		return []need{stock}
	case plan.ActionUnstock:
		return []need{unstock}
	case plan.ActionIgnore:
	}
	return nil
}

// NeedsOf is what the rows of sheets need; without rows, what any sheet may.
func NeedsOf(d *plan.Desired) Needs {
	if d == nil {
		all := []need{reading()}
		for _, a := range []plan.Action{plan.ActionAdd, plan.ActionSwap, plan.ActionRemove, plan.ActionStock, plan.ActionUnstock} {
			all = append(all, writing(a)...)
		}
		all = append(all, need{permissions: []string{"ReadCompanyPhoneNumbers", "ConfigureEmergencyMaps", "CostCenterManagement"}})
		return gather(all)
	}
	asked := plan.NeedsOf(*d)
	all := []need{reading()}
	if asked.Numbers {
		all = append(all, need{work: "phone numbers", permissions: []string{"ReadCompanyPhoneNumbers"}})
	}
	if asked.Locations {
		all = append(all, need{work: "emergency locations", permissions: []string{"ConfigureEmergencyMaps"}})
	}
	if asked.CostCenters {
		all = append(all, need{work: "cost centers", permissions: []string{"CostCenterManagement"}})
	}
	hardware := false
	for i := range d.Rows {
		row := &d.Rows[i]
		all = append(all, writing(row.Action)...)
		hardware = hardware || row.NewSerial.IsSet() || row.NewModel.IsSet()
	}
	n := gather(all)
	n.List, n.Hardware = asked.AccountDevices, hardware
	return n
}

func gather(all []need) Needs {
	var n Needs
	for _, one := range all {
		n.Write = n.Write || one.write
		n.Features = append(n.Features, one.features...)
		n.Permissions = append(n.Permissions, one.permissions...)
		if one.work != "" && !slices.Contains(n.Work, one.work) {
			n.Work = append(n.Work, one.work)
		}
	}
	sorted := func(s []string) []string { slices.Sort(s); return slices.Compact(s) }
	n.Features, n.Permissions = sorted(n.Features), sorted(n.Permissions)
	return n
}

// CheckScopes holds the token's scopes against what is needed.
func (r *Report) CheckScopes(n Needs, scopes []string, told bool) {
	want := scopeRead
	if n.Write {
		want = scopeEdit
	}
	switch has := slices.Contains(scopes, scopeEdit) || !n.Write && slices.Contains(scopes, scopeRead); {
	case !told:
		r.Add("scopes", Warning, "make sure that the app has the scope "+want, "the token's answer names no scope")
	case !has:
		r.Add("scopes", Failed, "give the app the scope "+want+" in the developer console", "the app lacks %s; it has %s", want, strings.Join(scopes, ", "))
	default:
		r.Add("scopes", OK, "", "%s: enough to %s", strings.Join(scopes, ", "), strings.Join(n.Work, ", "))
	}
}

// CheckFeatures holds the features that the service told of against what is
// needed, and says of the permissions what is known.
func (r *Report) CheckFeatures(n Needs, told []rcclient.Feature) {
	var unknown []string
	for _, id := range n.Features {
		i := slices.IndexFunc(told, func(f rcclient.Feature) bool { return f.ID == id })
		if i < 0 {
			unknown = append(unknown, id)
			continue
		}
		f := &told[i]
		if f.Available {
			continue
		}
		do := "let the feature be switched on for the account, or give the user's role what it needs"
		if f.Reason.Permission != "" {
			do = "give the user's role the permission " + f.Reason.Permission
		}
		r.Add("permissions", Failed, do, "%s is not available: %s %s", id, f.Reason.Code, f.Reason.Message)
	}
	if len(unknown) > 0 {
		r.Add("permissions", Warning, "", "the service did not tell of %s", strings.Join(unknown, ", "))
	}
	text := "needed of the user's role to " + strings.Join(n.Work, ", ") + ": " + strings.Join(n.Permissions, ", ")
	r.Add("permissions", OK, "", "%s. No documented call lists a role's permissions: what the checks here read shows these, and a refused write names its own", text)
}
