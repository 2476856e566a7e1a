package main

import (
	"strings"

	"provision/plan"
)

// numberRange is some extension numbers: those of the length of its ends, from
// one to the other.
type numberRange struct{ text, from, to string }

type numberRanges []numberRange

// parseRanges reads "100-199,205".
func parseRanges(text string) (numberRanges, error) {
	var ranges numberRanges
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		from, to, two := strings.Cut(part, "-")
		if from = strings.TrimSpace(from); !two {
			to = from
		}
		to = strings.TrimSpace(to)
		if !allDigits(from) || !allDigits(to) || len(from) != len(to) || from > to {
			return nil, usagef("--extensions: %q is neither a number nor a range like 100-199", part)
		}
		ranges = append(ranges, numberRange{part, from, to})
	}
	return ranges, nil
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func (r numberRange) has(number string) bool {
	return len(number) == len(r.from) && r.from <= number && number <= r.to
}

func (rs numberRanges) has(number string) bool {
	for _, r := range rs {
		if r.has(number) {
			return true
		}
	}
	return false
}

// unmet lists the ranges in which the account has no extension.
func (rs numberRanges) unmet(live *plan.Snapshot) []numberRange {
	var none []numberRange
	for _, r := range rs {
		met := false
		for i := range live.Extensions {
			met = met || r.has(live.Extensions[i].Number)
		}
		if !met {
			none = append(none, r)
		}
	}
	return none
}
