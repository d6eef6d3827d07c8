package main

import (
	"bytes"
	"encoding/json"
	"regexp"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

type submitted struct {
	CallName    string `json:"call_name"`
	ScheduledAt int64  `json:"scheduled_time_unix"`
	Recipients  []struct {
		Phone string `json:"phone_number"`
	} `json:"recipients"`
}

func TestNoTwoSubmissionsAreAlike(t *testing.T) {
	t.Parallel()
	s := &target{url: "http://127.0.0.1:1", numbers: new(atomic.Int64)}
	q := s.submission(1)
	one, other := q.Each(), q.Each()
	names := map[string]bool{}
	for range 3 {
		for _, request := range [][]byte{one(), other()} {
			_, content, _ := bytes.Cut(request, []byte("\r\n\r\n"))
			var sent submitted
			require.NoError(t, json.Unmarshal(content, &sent))
			names[sent.CallName] = true
		}
	}
	require.Len(t, names, 6)
}

func TestASubmissionIsOfDifferentPeopleAndOfAnotherYear(t *testing.T) {
	t.Parallel()
	var sent submitted
	require.NoError(t, json.Unmarshal(body(10_000), &sent))
	people := map[string]bool{}
	for _, r := range sent.Recipients {
		require.Regexp(t, regexp.MustCompile(`^\+[0-9]{7,15}$`), r.Phone)
		people[r.Phone] = true
	}
	require.Len(t, people, 10_000)
	require.Greater(t, time.Unix(sent.ScheduledAt, 0), time.Now().AddDate(1, 0, 0))
}

func TestARunCanAskForSomeCases(t *testing.T) {
	t.Parallel()
	names := func(only string) (names []string) {
		b := &bench{only: only}
		for _, g := range groups() {
			for _, m := range b.wanted(g) {
				names = append(names, m.name)
			}
		}
		return names
	}
	require.Len(t, names(""), 12)
	require.Equal(t, []string{"health c=50", "health meanwhile"}, names("health"))
	require.Equal(t, []string{"submit 1 c=50", "resubmit 1 c=50", "get 1 c=50", "get 100 c=50", "get 10000 c=8"}, names("submit 1 c=50,reads"))
}

func TestBarsAreHeldAgainstTheOriginal(t *testing.T) {
	t.Parallel()
	theirs := figures{perSecond: 100, p50: 2000}
	for name, c := range map[string]struct {
		bar    bar
		ours   figures
		misses bool
	}{
		"as many requests as due":   {bar{rate: 3}, figures{perSecond: 300}, false},
		"too few requests":          {bar{rate: 3}, figures{perSecond: 299}, true},
		"as fast as due":            {bar{p50: 15}, figures{p50: 133}, false},
		"too slow":                  {bar{p50: 15}, figures{p50: 134}, true},
		"answers in time":           {bar{p99: 20 * time.Millisecond}, figures{p99: 19.9}, false},
		"answers that are too late": {bar{p99: 20 * time.Millisecond}, figures{p99: 20}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := &bench{}
			b.judge(measuring{name: name, bar: c.bar}, c.ours, theirs)
			require.Equal(t, c.misses, b.Err() != nil)
		})
	}
}

func TestTheMedianIsOfEachFigureByItself(t *testing.T) {
	t.Parallel()
	m := median([]figures{{perSecond: 1, p50: 30}, {perSecond: 2, p50: 10}, {perSecond: 3, p50: 20}})
	require.InDelta(t, 2, m.perSecond, 0)
	require.InDelta(t, 20, m.p50, 0)
}
