package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"provision/plan"
	"provision/plan/jobs"
)

// board is a tiny account as a search sees it: which phone is on which line
// (the places after the lines are the inventory), which phones have the name
// they shall have and which lines the address.
type board struct {
	on    []int // phone by place
	named []bool
	set   []bool
	// settled: a phone was given something, and no phones trade any more.
	settled bool
}

func (b board) key() string { return fmt.Sprint(b.on, b.named, b.set, b.settled) }

func (b board) clone() board {
	return board{slices.Clone(b.on), slices.Clone(b.named), slices.Clone(b.set), b.settled}
}

// next are the boards that one call of the interface makes: two phones trade
// places, or one phone is given its name and its line's address. Trading comes
// first, as the planner lets an address follow the swap of its line: to name a
// phone before it leaves, together with the address of the line that it leaves,
// would save a call now and then, but the name would then hang on the wrong
// person's row.
func (b board) next(lines int) []board {
	var out []board
	for i := range lines {
		for j := i + 1; j < len(b.on) && !b.settled; j++ {
			c := b.clone()
			c.on[i], c.on[j] = c.on[j], c.on[i]
			out = append(out, c)
		}
		c := b.clone()
		c.named[c.on[i]], c.set[i], c.settled = true, true, true
		out = append(out, c)
	}
	return out
}

// fewestCalls searches all sequences of calls, the shortest first.
func fewestCalls(start board, lines int, done func(board) bool) int {
	seen := map[string]bool{start.key(): true}
	for at, calls := []board{start}, 0; ; calls++ {
		var after []board
		for _, b := range at {
			if done(b) {
				return calls
			}
			for _, c := range b.next(lines) {
				if k := c.key(); !seen[k] {
					seen[k] = true
					after = append(after, c)
				}
			}
		}
		at = after
	}
}

// On tiny accounts no sequence of calls gets there with fewer than the plan.
func TestNoFewerCallsWouldDo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		lines, free := rapid.IntRange(1, 4).Draw(r, "lines"), rapid.IntRange(0, 2).Draw(r, "free")
		sc := &scene{}
		j := jobs.New(true)
		j.Location("L1", "Here", placeMain, "")
		j.Location("L2", "There", placeLab, "")
		want := rapid.Permutation(numbersTo(lines+free)).Draw(r, "phones")
		start := board{on: numbersTo(lines + free), named: make([]bool, lines+free), set: make([]bool, lines)}
		var goals []func(board) bool
		given := map[int]bool{} // phones of lines that take part
		for i := range lines {
			if rapid.IntRange(0, 3).Draw(r, "swaps") > 0 {
				given[i] = true
			}
		}
		for i := range lines {
			j.Person(100+i, fmt.Sprintf("User %d", i), plan.MainSite)
			j.Phone(fmt.Sprintf("d%d", i), 100+i, "Old", jobs.At("L1", "Here", placeMain))
			cells := [][2]string{{"extension", fmt.Sprint(100 + i)}}
			if w := want[i]; given[i] && (w >= lines || given[w]) {
				cells = append(cells, [2]string{"action", "swap"}, [2]string{"device_id", fmt.Sprintf("d%d", i)}, [2]string{"replace_with", fmt.Sprintf("id:d%d", w)})
				goals = append(goals, func(b board) bool { return b.on[i] == w })
			}
			if rapid.Bool().Draw(r, "named") {
				cells = append(cells, [2]string{"new_name", fmt.Sprintf("New %d", i)})
				goal := i
				if len(cells) > 2 {
					goal = want[i]
				}
				goals = append(goals, func(b board) bool { return b.named[goal] })
			}
			if rapid.Bool().Draw(r, "set") {
				cells = append(cells, [2]string{"emergency_location", "There"})
				goals = append(goals, func(b board) bool { return b.set[i] })
			}
			sc.rows = append(sc.rows, refLine{"a.csv", cells})
		}
		for i := range free {
			j.Stock(fmt.Sprintf("d%d", lines+i), plan.TypeOtherPhone, "")
		}
		sc.s = j.Account
		p, err := plan.Build(sc.desired(), sc.s, sc.o)
		if err != nil {
			r.Fatal(err)
		}
		if len(p.Errors) > 0 {
			return // a phone is wanted that no row gives up
		}
		fewest := fewestCalls(start, lines, func(b board) bool {
			return !slices.ContainsFunc(goals, func(g func(board) bool) bool { return !g(b) })
		})
		if len(p.Changes) != fewest {
			r.Fatalf("%s\ngot %d calls, %d would do:\n%s", sc, len(p.Changes), fewest, p)
		}
	})
}

func numbersTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// A saved plan is refused after any edit: a byte left out, put in or changed.
func TestAnyEditIsRefused(t *testing.T) {
	t.Parallel()
	var saved []byte
	for _, job := range jobs.All() {
		if sc := (&scenario{job}); sc.Name == "rotation" {
			p, err := plan.Build(sc.desired(), sc.Account, sc.Options)
			if err != nil {
				t.Fatal(err)
			}
			if saved, err = plan.Encode(p); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := plan.Decode(saved); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		i := rapid.IntRange(0, len(saved)-1).Draw(r, "where")
		text := string(saved)
		switch rapid.IntRange(0, 3).Draw(r, "how") {
		case 0:
			text = text[:i] + text[i+1:]
		case 1:
			text = text[:i] + rapid.SampledFrom([]string{" ", "1", "x", "\n", ",", "}"}).Draw(r, "what") + text[i:]
		case 2:
			text = text[:i] + string(text[i]^1) + text[i+1:]
		default:
			text = strings.Replace(text, rapid.SampledFrom([]string{"d1", "d2", "L1", "101"}).Draw(r, "old"), rapid.SampledFrom([]string{"d3", "L2", "103"}).Draw(r, "new"), rapid.IntRange(1, 3).Draw(r, "times"))
		}
		if _, err := plan.Decode([]byte(text)); err == nil {
			r.Fatalf("an edited plan was read: %s", text)
		}
	})
}
