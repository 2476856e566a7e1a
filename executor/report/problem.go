package report

import "provision/plan"

// ProblemJSON is a problem of the sheet as JSON documents show it.
type ProblemJSON struct {
	Cell    string `json:"cell"` // the full address: onboarding.xlsx!Users!F12
	File    string `json:"file"`
	Sheet   string `json:"sheet"` // empty for CSV
	Row     int    `json:"row"`
	Column  string `json:"column"` // the header, as the sheet spells it
	Value   string `json:"value"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// NewProblemJSON converts one problem.
func NewProblemJSON(p plan.Problem) ProblemJSON {
	return ProblemJSON{
		Cell: p.Cell.String(), File: p.Cell.File(), Sheet: p.Cell.Sheet(), Row: p.Cell.Row(),
		Column: p.Cell.Header(), Value: p.Value, Code: p.Code, Message: p.Message,
	}
}

// problemsJSON converts a list; it is never nil, as JSON shows that as null.
func problemsJSON(ps []plan.Problem) []ProblemJSON {
	out := make([]ProblemJSON, 0, len(ps))
	for _, p := range ps {
		out = append(out, NewProblemJSON(p))
	}
	return out
}

// Validation is the JSON document of "provision validate".
type Validation struct {
	Rows     int           `json:"rows"`
	Errors   []ProblemJSON `json:"errors"`
	Warnings []ProblemJSON `json:"warnings"`
	// Mapping tells for each header which of our columns it is; null: the
	// column is kept for the report only.
	Mapping map[string]*string `json:"mapping"`
}

// ValidateJSON makes the document of "provision validate" out of what was read
// of the sheets. Where two sheets understand the same header differently, the
// later one's key is "sheet!header".
func ValidateJSON(d *plan.Desired) Validation {
	v := Validation{
		Rows: len(d.Rows), Errors: problemsJSON(d.Errors), Warnings: problemsJSON(d.Warnings),
		Mapping: map[string]*string{},
	}
	for _, s := range d.Sheets {
		for i, header := range s.Header {
			if i >= len(s.Mapping) {
				break
			}
			ours := &s.Mapping[i]
			if *ours == "" {
				ours = nil
			}
			v.mapHeader(s, header, ours)
		}
	}
	return v
}

func (v *Validation) mapHeader(s plan.SheetInfo, header string, ours *string) {
	old, known := v.Mapping[header]
	same := known && (old == ours || old != nil && ours != nil && *old == *ours)
	if known && !same {
		at := s.Cell()
		header = at.String() + "!" + header
	}
	v.Mapping[header] = ours
}
