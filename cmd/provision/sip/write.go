package sip

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"provision/cmd/provision/scratch"
	"provision/cmd/provision/wholefile"
	"provision/executor/report/table"
	"provision/plan"
	"provision/rcclient"
)

// ErrForm says that a file's ending is not one that can be written.
var ErrForm = errors.New("the ending tells the form: .csv or .xlsx")

// columns are the file's columns; row_id comes before them where a sheet has it.
func columns() []string {
	return []string{
		"source", "extension", "device_id", "phone_number", "domain", "outbound_proxies",
		"user_name", "password", "authorization_id", "message",
	}
}

// guarded are columns that spreadsheet programs must not take for formulas. The
// others are the service's own, and have to arrive as they are: a password
// with an apostrophe before it is another password.
var guarded = map[string]bool{"row_id": true, "source": true, "extension": true, "phone_number": true, "message": true}

// tableOf makes the file's content.
func tableOf(rows []Row, known map[string]answer) *table.Table {
	t := &table.Table{
		Title: "SIP settings", Header: columns(), Exact: true,
		Notes: []string{"With these settings anybody can make calls as these lines: keep the file private, and delete it when the phones are set up."},
	}
	ids := false
	for _, r := range rows {
		ids = ids || r.ID != ""
	}
	if ids {
		t.Header = append([]string{"row_id"}, t.Header...)
	}
	part := table.Part{Name: "SIP settings"}
	for _, r := range rows {
		a := answerFor(r, known)
		cells := []string{r.Source, r.Extension, r.Device, r.Number}
		info := a.Info
		if info == nil {
			info = &rcclient.SIPInfo{}
		}
		cells = append(cells, info.Domain, proxies(info), info.UserName, info.Password, info.AuthorizationID, a.Message)
		if ids {
			cells = append([]string{r.ID}, cells...)
		}
		part.Rows = append(part.Rows, cells)
	}
	t.Parts = []table.Part{part}
	return t
}

// answerFor is what the file says of a row.
func answerFor(r Row, known map[string]answer) answer {
	switch {
	case r.Removed:
		return answer{Message: "removed by this run"}
	case r.Device == "":
		return answer{Message: "the row has no phone"}
	}
	return known[r.Device]
}

func proxies(info *rcclient.SIPInfo) string {
	var all []string
	for _, p := range info.OutboundProxies {
		all = append(all, strings.TrimSpace(p.Region+" "+p.Proxy+" "+p.ProxyTLS))
	}
	return strings.Join(all, "; ")
}

// CheckForm tells whether a file of this name can be written.
func CheckForm(path string) error {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".xlsx", ".csv", ".txt", "":
		return nil
	}
	return fmt.Errorf("write SIP settings into %s: %w", path, ErrForm)
}

func write(path string, t *table.Table) error {
	if strings.EqualFold(filepath.Ext(path), ".xlsx") {
		return writeXLSX(path, t)
	}
	return writeCSV(path, t)
}

func writeCSV(path string, t *table.Table) error {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	err := w.Write(t.Header)
	for _, row := range t.Parts[0].Rows {
		out := make([]string, len(row))
		for i, cell := range row {
			if guarded[t.Header[i]] {
				cell = plan.GuardCell(cell)
			}
			out[i] = cell
		}
		err = errors.Join(err, w.Write(out))
	}
	w.Flush()
	return private(path, &b, errors.Join(err, w.Error()))
}

// writeXLSX writes the workbook. What the library lays aside of a large one
// lies in a folder of our own beside the file meanwhile; those that killed
// processes left there are taken away.
func writeXLSX(path string, t *table.Table) error {
	scratch.SweepIn(filepath.Dir(path))
	tmp, err := scratch.NewIn(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("write SIP settings: %w", err)
	}
	var b bytes.Buffer
	err = t.WriteXLSX(&b, tmp.Path)
	return private(path, &b, errors.Join(err, tmp.Remove()))
}

// private writes a file at once or not at all, mode 0600.
func private(path string, content io.Reader, err error) error {
	var data []byte
	if err == nil {
		data, err = io.ReadAll(content)
	}
	if err == nil {
		err = wholefile.Write(path, data, 0o600)
	}
	if err != nil {
		return fmt.Errorf("write SIP settings: %w", err)
	}
	return nil
}
