package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Two processes at full rate ruin each other: one lock per server and client id, whose holder is named.
func TestLock(t *testing.T) {
	t.Parallel()
	st, err := openState(t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	who := owner{PID: 7, Host: "h", Command: "apply", Run: "r1", Since: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	first, err := st.acquire(t.Context(), lockClient+"x", who, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = st.acquire(t.Context(), lockClient+"x", owner{}, 0)
	if err == nil || !strings.Contains(err.Error(), "provision apply, pid 7 on h, run r1") || codeOf(err) != exitError {
		t.Errorf("second lock gave %v, want an error that names the holder", err)
	}
	if other, err := st.acquire(t.Context(), lockClient+"y", owner{}, 0); err != nil {
		t.Errorf("another client's lock: %v", err)
	} else if err := other.release(); err != nil {
		t.Error(err)
	}
	if err := first.release(); err != nil {
		t.Fatal(err)
	}
	again, err := st.acquire(t.Context(), lockClient+"x", who, 0)
	if err != nil {
		t.Fatalf("after the release: %v", err)
	}
	if err := again.release(); err != nil {
		t.Error(err)
	}
}

// Processes that use a part of the quota share the client id; who wants the whole waits for all of them.
func TestLockShares(t *testing.T) {
	t.Parallel()
	st, err := openState(t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	who := owner{Command: "run", Host: "h"}
	first, n, err := st.acquireShare(t.Context(), lockClient+"x", who, 0)
	if err != nil {
		t.Fatal(err)
	}
	second, m, err := st.acquireShare(t.Context(), lockClient+"x", who, 0)
	if err != nil || n == m {
		t.Fatalf("shares %d and %d, %v, want two", n, m, err)
	}
	for _, held := range []*lock{first, second} {
		_, err := st.acquire(t.Context(), lockClient+"x", owner{}, 0)
		if err == nil || !strings.Contains(err.Error(), "provision run") {
			t.Errorf("the whole gave %v, want an error that names a holder of a share", err)
		}
		if err := held.release(); err != nil {
			t.Fatal(err)
		}
	}
	whole, err := st.acquire(t.Context(), lockClient+"x", who, 0)
	if err != nil {
		t.Fatalf("after both releases: %v", err)
	}
	if _, _, err := st.acquireShare(t.Context(), lockClient+"x", owner{}, 0); err == nil {
		t.Error("a share was given beside the whole")
	}
	if err := whole.release(); err != nil {
		t.Error(err)
	}
}

// Servers and clients must not share a lock's name, whatever is in theirs.
func TestLockName(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, server := range []string{"https://a", "http://a", "sim:/x/a.json", "sim:/y/a.json", "https://a/b", "https://a-b"} {
		for _, client := range []string{"1", "2"} {
			name := lockName(server, client)
			if names[name] || strings.ContainsAny(name, "/\\: ") {
				t.Errorf("lockName(%q, %q) = %q: taken or no file name", server, client, name)
			}
			names[name] = true
		}
	}
}

// RUN is a unique prefix of a run's id, or of its short part.
func TestMatchRuns(t *testing.T) {
	t.Parallel()
	all := []runFolder{{id: "20261124T160501Z-abc123"}, {id: "20261124T170000Z-abd456"}, {id: "20261125T170000Z-0124aa"}}
	for arg, want := range map[string][]int{
		"20261124T16": {0}, "abc": {0}, "ab": {0, 1}, "20261124": {0, 1}, "0124": {2}, "x": nil, "": nil,
		"20261124T170000Z-abd456": {1},
	} {
		var ids []string
		for _, i := range want {
			ids = append(ids, all[i].id)
		}
		var got []string
		for _, r := range matchRuns(all, arg) {
			got = append(got, r.id)
		}
		if diff := cmp.Diff(ids, got); diff != "" {
			t.Errorf("matchRuns(%q): %s", arg, diff)
		}
	}
}
