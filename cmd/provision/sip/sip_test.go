package sip

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"provision/rcclient"
)

// phones answers for phones, and counts how often each was asked for.
type phones struct {
	asked map[string]int
	fails map[string]error
	stop  int // calls before it fails for good; 0: never
}

var errDown = errors.New("the service is down")

func (p *phones) SIPInfo(_ context.Context, id rcclient.ID) (*rcclient.SIPInfo, error) {
	if p.asked == nil {
		p.asked = map[string]int{}
	}
	n := 0
	for _, c := range p.asked {
		n += c
	}
	if p.stop > 0 && n >= p.stop {
		return nil, errDown
	}
	p.asked[string(id)]++
	if err := p.fails[string(id)]; err != nil {
		return nil, err
	}
	return &rcclient.SIPInfo{
		Domain: "sip.example", UserName: "u" + string(id), Password: "=s3cret-" + string(id), AuthorizationID: "a" + string(id),
		OutboundProxies: []rcclient.OutboundProxy{{Region: "NA", Proxy: "x:1", ProxyTLS: "x:2"}, {Region: "EU", Proxy: "y:1"}},
	}, nil
}

func job(t *testing.T, name string) Job {
	t.Helper()
	return Job{
		Account: "1", Path: filepath.Join(t.TempDir(), name), Now: time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC),
		Rows: []Row{
			{ID: "r1", Source: "=a.csv!2", Extension: "101", Number: "+16505550101", Device: "801"},
			{ID: "r2", Source: "a.csv!3", Extension: "102", Device: "802"},
			{ID: "r3", Source: "a.csv!4", Extension: "103"},
			{ID: "r4", Source: "a.csv!5", Extension: "104", Device: "804", Removed: true},
			{ID: "r5", Source: "a.csv!6", Extension: "101", Device: "801"},
		},
	}
}

func content(t *testing.T, path string) string {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("%s has mode %o, want 600", path, info.Mode().Perm())
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

const want = `row_id,source,extension,device_id,phone_number,domain,outbound_proxies,user_name,password,authorization_id,message
r1,'=a.csv!2,101,801,+16505550101,sip.example,NA x:1 x:2; EU y:1,u801,=s3cret-801,a801,
r2,a.csv!3,102,802,,,,,,,CMN-102 not found: the phone is gone: plan the sheet again
r3,a.csv!4,103,,,,,,,,the row has no phone
r4,a.csv!5,104,804,,,,,,,removed by this run
r5,a.csv!6,101,801,,sip.example,NA x:1 x:2; EU y:1,u801,=s3cret-801,a801,
`

func gone() map[string]error {
	return map[string]error{"802": &rcclient.APIError{Class: rcclient.ClassNotFound, Status: 404, Code: "CMN-102", Message: "not found"}}
}

func TestFile(t *testing.T) {
	t.Parallel()
	j := job(t, "sip.csv")
	p := &phones{fails: gone()}
	res, err := j.Run(t.Context(), p)
	if err != nil || res.WithSettings != 2 || res.Missing != 2 || res.Removed != 1 || res.TakenOver != 0 {
		t.Fatalf("got %+v, %v", res, err)
	}
	if got := content(t, j.Path); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if p.asked["801"] != 1 || p.asked["804"] != 0 {
		t.Errorf("asked for %v, want each phone once and removed ones never", p.asked)
	}
	if left, _ := filepath.Glob(filepath.Dir(j.Path) + "/*"); len(left) != 1 {
		t.Errorf("left are %v, want the file alone", left)
	}
}

func TestWorkbookHasTheSameCells(t *testing.T) {
	t.Parallel()
	j := job(t, "sip.xlsx")
	if _, err := j.Run(t.Context(), &phones{fails: gone()}); err != nil {
		t.Fatal(err)
	}
	content(t, j.Path)
	f, err := excelize.OpenFile(j.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := f.GetRows("SIP settings")
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(strings.NewReader(want)).ReadAll()
	if err != nil || len(records) != len(rows) {
		t.Fatalf("got %d rows, want %d, %v", len(rows), len(records), err)
	}
	for i, r := range rows {
		for j, cell := range r {
			if w := records[i][j]; cell != w && "'"+cell != w {
				t.Errorf("row %d: got %q, want %q", i, cell, w)
			}
		}
	}
	if formula, err := f.GetCellFormula("SIP settings", "I2"); err != nil || formula != "" {
		t.Errorf("the password is a formula: %q, %v", formula, err)
	}
}

// Wherever the part file ends, the same job goes on and makes the same file.
// What a killed process laid aside of a large workbook has passwords in it: the next one takes it away.
func TestLeftoversOfAWorkbookAreTakenAway(t *testing.T) {
	t.Parallel()
	j := job(t, "sip.xlsx")
	left := filepath.Join(filepath.Dir(j.Path), "provision-read-123-456")
	if err := os.Mkdir(left, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{".lock": "", "sheet1.xml": "=s3cret-801"} {
		if err := os.WriteFile(filepath.Join(left, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := j.Run(t.Context(), &phones{}); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Dir(j.Path))
	if err != nil || len(entries) != 1 || entries[0].Name() != "sip.xlsx" {
		t.Errorf("got %v and %v, want the workbook alone", entries, err)
	}
}

func TestGoesOnAfterAKill(t *testing.T) {
	t.Parallel()
	first := job(t, "sip.csv")
	p := &phones{stop: 1, fails: gone()}
	_, err := first.Run(t.Context(), p)
	var stopped *StoppedError
	if !errors.As(err, &stopped) || stopped.Done != 1 || stopped.All != 2 || !errors.Is(err, errDown) {
		t.Fatalf("got %v, want stopped after 1 of 2", err)
	}
	if strings.Contains(fmt.Sprintf("%v %+v", err, stopped), "s3cret") {
		t.Error("the error holds a password")
	}
	if _, err := os.Stat(first.Path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is there already: %v", err)
	}
	part := content(t, PartOf(first.Path))
	for size := range len(part) + 1 {
		j := job(t, "sip.csv")
		if err := os.WriteFile(PartOf(j.Path), []byte(part[:size]), 0o600); err != nil {
			t.Fatal(err)
		}
		p := &phones{fails: gone()}
		res, err := j.Run(t.Context(), p)
		if err != nil {
			t.Fatalf("cut at %d of %d: %v", size, len(part), err)
		}
		if got := content(t, j.Path); got != want {
			t.Fatalf("cut at %d: got\n%s", size, got)
		}
		if size == len(part) && (p.asked["801"] != 0 || res.TakenOver != 1) {
			t.Errorf("asked for %v again, took over %d", p.asked, res.TakenOver)
		}
	}
}

func TestChangedListIsNoticed(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Job){
		"another phone":      func(j *Job) { j.Rows[1].Device = "803" },
		"a row more":         func(j *Job) { j.Rows = append(j.Rows, Row{Source: "a.csv!7", Device: "805"}) },
		"another order":      func(j *Job) { j.Rows[0], j.Rows[1] = j.Rows[1], j.Rows[0] },
		"removed meanwhile":  func(j *Job) { j.Rows[1].Removed = true },
		"of another account": func(j *Job) { j.Account = "2" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := job(t, "sip.csv")
			if _, err := j.Run(t.Context(), &phones{stop: 1}); err == nil {
				t.Fatal("was not stopped")
			}
			before := content(t, PartOf(j.Path))
			change(&j)
			if _, err := j.Run(t.Context(), &phones{}); !errors.Is(err, ErrListChanged) {
				t.Fatalf("got %v, want that the list has changed", err)
			}
			if content(t, PartOf(j.Path)) != before {
				t.Error("what was read is gone")
			}
			j.Anew = true
			if _, err := j.Run(t.Context(), &phones{}); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// Files that are none of ours are never written over.
func TestForeignPartFileIsLeftAlone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"my notes", "my notes\nmore\n", `{"sip_part":1}` + "\n", "\n"} {
		j := job(t, "sip.csv")
		if err := os.WriteFile(PartOf(j.Path), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := j.Run(t.Context(), &phones{}); !errors.Is(err, ErrListChanged) {
			t.Errorf("%q: got %v", text, err)
		}
		if got := content(t, PartOf(j.Path)); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestInterruptStopsBetweenPhones(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	j := job(t, "sip.csv")
	j.Progress = func(int, int) { cancel() }
	p := &phones{}
	_, err := j.Run(ctx, p)
	var stopped *StoppedError
	if !errors.As(err, &stopped) || !errors.Is(err, context.Canceled) || stopped.Done != 1 || len(p.asked) != 1 {
		t.Fatalf("got %v after %v", err, p.asked)
	}
}

func TestOtherEndingsAreRefused(t *testing.T) {
	t.Parallel()
	j := job(t, "sip.json")
	if _, err := j.Run(t.Context(), &phones{}); !errors.Is(err, ErrForm) {
		t.Errorf("got %v", err)
	}
}
