package meetings

import (
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// lateTolerance is how far in the past a meeting may be scheduled: clocks differ, and people are late.
const lateTolerance = 5 * time.Minute

// ParseScheduledAt reads an RFC 3339 time with offset, and returns it in UTC with the offset that it was given in, in
// seconds. Invalid VALIDATION_ERROR on the field scheduledAt: RFC3339_WITH_OFFSET, or IN_PAST when it is more than five
// minutes before now.
func ParseScheduledAt(raw string, now time.Time) (at time.Time, offset int, err error) {
	var f fault.Fields
	t, err := time.Parse(time.RFC3339, raw)
	if err != nil || !strings.HasPrefix(raw, t.Format("2006-01-02T15:04:05")) { // time.Parse takes one-digit hours
		f.Add("scheduledAt", fault.OffsetRequired)
		return time.Time{}, 0, f.Err()
	}
	if t.Before(now.Add(-lateTolerance)) {
		f.Add("scheduledAt", fault.InPast)
		return time.Time{}, 0, f.Err()
	}
	_, offset = t.Zone()
	return t.UTC(), offset, nil
}
