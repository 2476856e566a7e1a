package report

import (
	"strconv"
	"strings"
)

// Columns lists the columns that a report adds to the user's, in order.
func Columns() []string {
	return []string{
		"source", "matched_by", "status", "changes", "device_id", "phone_number_assigned", "emergency_status",
		"error_code", "message", "attempts", "started", "ended", "request_id", "phone_number_kept", "phone_number_given_up",
		"approved_by",
	}
}

// Header is the header of the report's table: the user's columns, then ours.
func (r *Report) Header() []string {
	return append(append(make([]string, 0, len(r.columns)+len(Columns())), r.columns...), Columns()...)
}

// Record is one line of the report's table, in the order of [Report.Header].
func (r *Report) Record(l *Line) []string {
	cells := make([]string, len(r.columns), len(r.columns)+len(Columns()))
	if l.Sheet >= 0 && l.Sheet < len(r.place) {
		place := r.place[l.Sheet]
		for i, raw := range l.Raw {
			if i < len(place) {
				cells[place[i]] = raw
			}
		}
	}
	return append(cells, l.cells()...)
}

// cells are our columns of a line.
func (l *Line) cells() []string {
	changes := make([]string, 0, len(l.Changes))
	for _, c := range l.Changes {
		changes = append(changes, c.Kind.String()+" "+c.ID)
	}
	assigned := ""
	if l.Assigned {
		assigned = l.Number
	}
	return []string{
		l.Source, l.MatchedBy, string(l.Status), strings.Join(changes, "; "), l.DeviceID, assigned, l.Emergency,
		l.ErrorCode, l.Message, strconv.Itoa(l.Attempts), stamp(l.Started), stamp(l.Ended), l.RequestID, l.NumberKept, l.NumberGivenUp,
		l.ApprovedBy,
	}
}
