package telemetry_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"provision/cmd/provision/telemetry"
)

const monitoring = "../../../samples/monitoring/"

// The samples name only families that there are, and the dashboard shows each.
func TestSamplesNameFamilies(t *testing.T) {
	t.Parallel()
	var names []string
	for _, f := range telemetry.Families() {
		names = append(names, f.Name)
	}
	files, err := os.ReadDir(monitoring)
	if err != nil || len(files) < 3 {
		t.Fatalf("there are %d samples: %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(monitoring + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(`provision_[a-z_]+`).FindAllString(string(data), -1)
		for _, name := range found {
			if !slices.Contains(names, name) {
				t.Errorf("%s names %s, which there is not", file.Name(), name)
			}
		}
		for _, name := range names {
			if file.Name() == "dashboard.json" && !slices.Contains(found, name) {
				t.Errorf("the dashboard lacks %s", name)
			}
		}
	}
}

// panel is what is looked at of a dashboard's panel.
type panel struct {
	ID      int
	Type    string
	Title   string
	GridPos struct{ X, Y, W, H int }
	Targets []struct{ RefID, Expr string }
}

func dashboard(t *testing.T) []panel {
	t.Helper()
	data, err := os.ReadFile(monitoring + "dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Title, UID    string
		SchemaVersion int
		Templating    struct{ List []struct{ Name, Type string } }
		Panels        []panel
	}
	if err := json.Unmarshal(data, &board); err != nil {
		t.Fatal(err)
	}
	if board.Title == "" || board.UID == "" || board.SchemaVersion == 0 || len(board.Templating.List) != 2 || len(board.Panels) == 0 {
		t.Fatalf("got %+v", board)
	}
	return board.Panels
}

// Panels have their own ids and room, and choose by profile.
func TestDashboard(t *testing.T) {
	t.Parallel()
	taken, ids := map[[2]int]string{}, map[int]bool{}
	for _, p := range dashboard(t) {
		if ids[p.ID] || p.Title == "" {
			t.Errorf("panel %q has the id %d of another", p.Title, p.ID)
		}
		ids[p.ID] = true
		if p.Type != "row" && len(p.Targets) == 0 {
			t.Errorf("panel %q shows nothing", p.Title)
		}
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" || x >= 24 {
					t.Fatalf("panel %q lies over %q", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
		for _, target := range p.Targets {
			if strings.Count(target.Expr, "provision_") != strings.Count(target.Expr, `profile=~"$profile"`) {
				t.Errorf("panel %q does not choose by profile: %s", p.Title, target.Expr)
			}
		}
	}
}
