package meetings

import (
	"fmt"
	"slices"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// CanSeePerformance returns nil when the principal may see how a rep of its workspace fares: the rep itself, and SeesAll.
// Forbidden FORBIDDEN otherwise.
func CanSeePerformance(p kernel.Principal, rep kernel.RepID) error {
	if SeesAll(p) || p.Rep != "" && p.Rep == rep {
		return nil
	}
	return fault.New(fault.Forbidden, fault.ForbiddenCode)
}

// CanSeeTeam returns nil when the principal may see how everybody fares: SeesAll. Forbidden FORBIDDEN otherwise.
func CanSeeTeam(p kernel.Principal) error { return CanSeePerformance(p, "") }

// topOpportunities is how many of the newest meetings' opportunities a person reads at a glance.
const topOpportunities = 10

// TopOpportunities joins lists of opportunities, those of the newest meeting first: each text once, however it is written
// (case and accents do not matter), and at most ten.
func TopOpportunities(newestFirst ...[]string) []string {
	top, seen := []string{}, map[string]bool{}
	for _, text := range slices.Concat(newestFirst...) {
		key := fold(oneSpaced(text))
		if key == "" || seen[key] {
			continue
		}
		seen[key] = true
		if top = append(top, text); len(top) == topOpportunities {
			break
		}
	}
	return top
}

// WeekName is the ISO 8601 name of the week that a day belongs to, as in "2026-W53": the week with the year's first
// Thursday is its first, so the last days of December may belong to the next year.
func WeekName(day time.Time) string {
	year, week := day.ISOWeek()
	return fmt.Sprintf("%04d-W%02d", year, week)
}
