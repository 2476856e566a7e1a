package main

import (
	"fmt"
	"time"
	"unicode/utf8"

	"provision/executor"
	"provision/rcclient"
)

// besideBar is what a line of the progress display holds beside the bar itself
// and its text: the group's name, and blanks.
const besideBar = len("medium ") + 3

// barWidth is how wide a bar is on a terminal of that width.
func barWidth(width int) int {
	switch {
	case width >= 120:
		return 30
	case width >= 90:
		return 20
	}
	return 10
}

// barTexts are what may stand behind a bar, from the longest to the shortest:
// counts, the time to go, and who waits for whom.
func (p *progress) barTexts(g rcclient.Group) []string {
	if p.over.Load() {
		return barTexts(p.of(g), executor.Progress{}, g)
	}
	return barTexts(p.of(g), p.picture(), g)
}

func barTexts(t groupTally, now executor.Progress, g rcclient.Group) []string {
	long, short := "", ""
	group := now.Groups[g]
	next := group.Next.Round(time.Second).String()
	switch {
	case now.Paused:
		long, short = ", paused", ", paused"
	case now.Stopping:
		long, short = ", stopping", ", stopping"
	case group.Penalty:
		long, short = ", the service asks to wait "+next, ", told to wait "+next
	case group.Queued > 0 && group.Next >= longWait:
		long, short = ", waiting "+next+" for the limit", ", waits "+next
	case group.Queued == 0 && now.Addresses > 0:
		long, short = fmt.Sprintf(", addresses awaited: %d", now.Addresses), fmt.Sprintf(", %d to confirm", now.Addresses)
	case group.Queued == 0 && now.Doubt > 0:
		long, short = fmt.Sprintf(", settling %d in doubt", now.Doubt), fmt.Sprintf(", %d in doubt", now.Doubt)
	}
	rate := ""
	if group.Allowed > 0 {
		rate = fmt.Sprintf(", rate %d/%d", group.Used, group.Allowed)
	}
	brief := fmt.Sprintf(" %d/%d", t.done+t.failed, t.total)
	if t.failed > 0 {
		brief += fmt.Sprintf(", %d failed", t.failed)
	}
	eta := ""
	if now.ETA > 0 {
		eta = ", ~" + now.ETA.Round(time.Second).String()
	}
	return []string{
		" " + t.words() + rate + long + toGo(now.ETA),
		" " + t.words() + long + toGo(now.ETA),
		" " + t.words() + short + eta,
		brief + short + eta,
		brief + eta,
		brief,
	}
}

// fitting is the first text that fits into so many columns, or else the last.
func fitting(texts []string, room int) string {
	for _, text := range texts {
		if utf8.RuneCountInString(text) <= room {
			return text
		}
	}
	return texts[len(texts)-1]
}
