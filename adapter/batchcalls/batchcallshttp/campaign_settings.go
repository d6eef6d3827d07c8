package batchcallshttp

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// settingsOf reads what is to change of a campaign's settings. Whether they can be kept, the campaign judges; Invalid
// VALIDATION_ERROR for what is no time of day.
func settingsOf(in tertulia.CampaignSettings) (func(*batchcalls.Settings), error) {
	window, err := windowOf(in.Window)
	if err != nil {
		return nil, err
	}
	return func(s *batchcalls.Settings) {
		window(&s.Window)
		if in.Consent != nil {
			s.Consent = batchcalls.Consent{Kind: batchcalls.ConsentKind(in.Consent.Kind), Note: in.Consent.Note}
		}
		set(&s.Region, in.DefaultRegion)
		set(&s.Breaker, in.Breaker)
		set(&s.RetentionDays, in.RetentionDays)
		if l := in.Limits; l != nil {
			set(&s.Limits.MaxConcurrent, l.MaxConcurrent)
			set(&s.Limits.ChunkSize, l.ChunkSize)
			set(&s.Limits.DailyCalls, l.DailyCalls)
			if l.CallsPerSecond != nil {
				s.Limits.CallsPerSecond = batchcalls.Rate(*l.CallsPerSecond)
			}
		}
		if r := in.Retry; r != nil {
			set(&s.Retry.MaxAttempts, r.MaxAttempts)
			if r.Rules != nil {
				s.Retry.Rules = rulesOf(r.Rules)
			}
		}
		if b := in.Budget; b != nil {
			if b.Minutes != nil {
				s.BudgetSeconds = *b.Minutes * 60
			}
			if b.EstimateSeconds != nil {
				s.Estimate = time.Duration(*b.EstimateSeconds) * time.Second
			}
		}
	}, nil
}

func set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}

func rulesOf(in []tertulia.RetryRule) []batchcalls.RetryRule {
	rules := make([]batchcalls.RetryRule, len(in))
	for i, r := range in {
		rules[i] = batchcalls.RetryRule{
			Outcome: batchcalls.CallStatus(r.Outcome), After: time.Duration(r.AfterMinutes) * time.Minute, Times: r.Times,
		}
	}
	return rules
}

// weekdays are the names of days on the wire, in the order of time.Weekday.
func weekdays() []string { return []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }

func windowOf(in *tertulia.WindowRequest) (func(*batchcalls.Window), error) {
	if in == nil {
		return func(*batchcalls.Window) {}, nil
	}
	var wrong fault.Fields
	start, end := minuteOf(in.Start, "window.start", &wrong), minuteOf(in.End, "window.end", &wrong)
	var days []time.Weekday
	for i, name := range in.Days {
		at := slices.Index(weekdays(), name)
		wrong.Require(at >= 0, "window.days["+strconv.Itoa(i)+"]", fault.OneOf, "allowed", strings.Join(weekdays(), ", "))
		days = append(days, time.Weekday(at))
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	return func(w *batchcalls.Window) {
		if in.Start != "" {
			w.Start = start
		}
		if in.End != "" {
			w.End = end
		}
		if in.Days != nil {
			w.Days = batchcalls.OnDays(days...)
		}
	}, nil
}

// minuteOf reads a time of day as minutes since midnight; what is empty is not given.
func minuteOf(text, field string, wrong *fault.Fields) int {
	if text == "" {
		return 0
	}
	if text == "24:00" {
		return 24 * 60
	}
	at, err := time.Parse("15:04", text)
	wrong.Require(err == nil, field, fault.BadFormat, "expected", "09:30")
	return at.Hour()*60 + at.Minute()
}

func clockOf(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// daysOf names the days of a window, from Monday on.
func daysOf(set batchcalls.Weekdays) []string {
	days := []string{}
	for i := range 7 {
		if day := time.Weekday((i + 1) % 7); set.Has(day) {
			days = append(days, weekdays()[day])
		}
	}
	return days
}
