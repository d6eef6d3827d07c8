package icalendar_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/vendors/icalendar"
)

func FuzzEvents(f *testing.F) {
	f.Add(file(event("DTSTART;TZID=America/New_York:20261024T100000", "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE:20261031T140000Z")))
	f.Add(file(outlook, event("DTSTART;TZID=Eastern Standard Time:20260701T100000", "RRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20261231")))
	f.Add(file(event("DTSTART:20260701T100000Z", "RECURRENCE-ID:20260701T100000Z", "ATTENDEE;CN=\"a:b\":mailto:x@y.z")))
	f.Fuzz(func(t *testing.T, raw []byte) {
		w := icalendar.Window{From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		events, err := icalendar.Events(ctx, raw, w, time.UTC)
		if err != nil {
			return
		}
		for _, e := range events {
			require.False(t, e.Starts.Before(w.From) || !e.Starts.Before(w.To))
			require.NotEmpty(t, e.UID)
		}
	})
}
