package batchcalls_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
	_ "time/tzdata"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

// rulebook is what a schedule is run by: the real rules, or those with a planted fault.
type rulebook struct {
	decide func(time.Time, batchcalls.DispatchRules, batchcalls.DispatchState, []batchcalls.Candidate) batchcalls.Dispatch
	next   func(batchcalls.RetryPolicy, []batchcalls.CallStatus, time.Time) (time.Time, bool)
}

func realRules() rulebook {
	return rulebook{decide: batchcalls.Decide, next: batchcalls.RetryPolicy.NextAttempt}
}

// person is one row of a list; two rows may have the same phone.
type person struct {
	phone    batchcalls.Phone
	zones    []*time.Location
	due      time.Time
	done     bool
	outcomes []batchcalls.CallStatus
}

// call is one dialling and, once its end has come, how it went.
type call struct {
	row         int
	phone       batchcalls.Phone
	begun, ends time.Time
	over        bool
	talked      time.Duration
	outcome     batchcalls.CallStatus
}

// schedule is a generated campaign, run step by step by a clock of its own. It keeps a log of every call, and from that
// alone the oracle judges.
type schedule struct {
	*rand.Rand
	book     rulebook
	rules    batchcalls.DispatchRules
	policy   batchcalls.RetryPolicy
	rounding batchcalls.Rounding

	now     time.Time
	state   batchcalls.DispatchState
	resumes time.Time // when a person will resume; zero when nobody will
	people  []person
	calls   []*call
	dnc     map[batchcalls.Phone]bool
	oracle  oracle

	outcomes []batchcalls.CallStatus // what calls come to, one as likely as the other
}

// zoneSets are where numbers may be: places with and without clock changes, odd offsets and several zones at once.
var zoneSets = loadZones([][]string{
	{"America/Mexico_City"},
	{"America/New_York"},
	{"America/Los_Angeles"},
	{"Europe/Madrid"},
	{"Europe/London"},
	{"America/Sao_Paulo"},
	{"America/Bogota"},
	{"America/Santiago"},
	{"Australia/Lord_Howe"},
	{"Asia/Kathmandu"},
	{"Pacific/Auckland"},
	{"America/St_Johns"},
	{"Asia/Kolkata"},
	{"Pacific/Apia"},
	{"Africa/Cairo"},
	{"UTC"},
	{"America/Tijuana", "America/Mexico_City", "America/Cancun"},
	{"Europe/Madrid", "Atlantic/Canary"},
	{"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"},
	{"Europe/Kaliningrad", "Asia/Vladivostok"},
	{"America/Asuncion"},
	{"Africa/Casablanca"},
	{"Pacific/Kiritimati"},
	{},
})

func loadZones(sets [][]string) [][]*time.Location {
	loaded := make([][]*time.Location, len(sets))
	for i, names := range sets {
		for _, name := range names {
			zone, err := time.LoadLocation(name)
			if err != nil {
				panic(err)
			}
			loaded[i] = append(loaded[i], zone)
		}
	}
	return loaded
}

func newSchedule(seed uint64, book rulebook) *schedule {
	s := &schedule{Rand: rand.New(rand.NewPCG(seed, 4)), book: book, dnc: map[batchcalls.Phone]bool{}}
	s.rules = batchcalls.DispatchRules{
		Window: s.window(), Concurrency: 1 + s.IntN(8), PerSecond: batchcalls.Rate([]float64{0, 0.5, 1, 2, 3}[s.IntN(5)]),
		MaxAttempts: 1 + s.IntN(4), DailyCap: s.IntN(4), Estimate: time.Duration(1+s.IntN(5)) * time.Minute,
	}
	if s.IntN(3) > 0 {
		s.rules.Breaker = batchcalls.DefaultBreaker()
	}
	s.policy = batchcalls.RetryPolicy{MaxAttempts: s.rules.MaxAttempts}
	for _, o := range []batchcalls.CallStatus{batchcalls.CallBusy, batchcalls.CallNoAnswer, batchcalls.CallVoicemail, batchcalls.CallFailed} {
		if s.IntN(2) == 0 {
			s.policy.Rules = append(s.policy.Rules, batchcalls.RetryRule{
				Outcome: o, After: time.Duration(1+s.IntN(180)) * time.Minute, Times: 1 + s.IntN(3),
			})
		}
	}
	s.rounding = []batchcalls.Rounding{batchcalls.BySecond, batchcalls.ByMinute}[s.IntN(2)]
	if s.IntN(3) > 0 {
		s.state.Budget.CapSeconds = int64(60 * (2 + s.IntN(60)))
	}
	s.outcomes = []batchcalls.CallStatus{
		batchcalls.CallCompleted, batchcalls.CallVoicemail, batchcalls.CallNoAnswer, batchcalls.CallBusy, batchcalls.CallFailed,
		batchcalls.CallUnknown,
	}
	if s.IntN(4) == 0 { // a line that is down
		s.outcomes = append(s.outcomes, batchcalls.CallFailed, batchcalls.CallFailed, batchcalls.CallFailed, batchcalls.CallFailed)
	}
	s.populate()
	return s
}

func (s *schedule) window() batchcalls.Window {
	w := batchcalls.DefaultWindow()
	if s.IntN(2) == 0 {
		w.Start = s.IntN(24 * 60)
		w.End = w.Start + 1 + s.IntN(24*60-w.Start)
	}
	if s.IntN(2) == 0 {
		w.Days = batchcalls.Weekdays(1 + s.IntN(127))
	}
	return w
}

// populate fills the list and sets the clock: anywhere in the year, half of the time shortly before a clock changes.
func (s *schedule) populate() {
	s.now = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(s.Int64N(int64(365 * 24 * time.Hour))))
	for i := range 2 + s.IntN(14) {
		p := person{phone: batchcalls.Phone(fmt.Sprintf("+5255%08d", i)), zones: zoneSets[s.IntN(len(zoneSets))]}
		if i > 0 && s.IntN(6) == 0 {
			p.phone, p.zones = s.people[i-1].phone, s.people[i-1].zones
		}
		s.people = append(s.people, p)
	}
	if zones := s.people[0].zones; len(zones) > 0 && s.IntN(2) == 0 {
		if _, change := s.now.In(zones[0]).ZoneBounds(); !change.IsZero() {
			s.now = change.Add(-time.Duration(s.Int64N(int64(36 * time.Hour)))).UTC()
		}
	}
	for i := range s.people {
		s.people[i].due = s.now.Add(time.Duration(s.IntN(3)) * 20 * time.Minute)
	}
}

// run lets the schedule go on until nothing can happen any more, or it has been long enough.
func (s *schedule) run() {
	for range 100 {
		s.finishCalls()
		s.disturb()
		candidates := s.candidates()
		d := s.book.decide(s.now, s.rules, s.state, candidates)
		s.dial(d)
		s.oracle.judge(s, candidates, d)
		if !s.advance(d) {
			return
		}
	}
}

// finishCalls takes in the calls that have ended by now.
func (s *schedule) finishCalls() {
	for _, c := range s.calls {
		if c.over || c.ends.After(s.now) {
			continue
		}
		c.over = true
		s.state.Live--
		s.state.Budget = s.state.Budget.Settle(s.rules.Estimate, c.talked, s.rounding)
		s.state.Endings = append(s.state.Endings, batchcalls.Ending{At: c.ends, Failed: c.outcome.IsFailure()})
		p := &s.people[c.row]
		p.outcomes = append(p.outcomes, c.outcome)
		due, again := s.book.next(s.policy, p.outcomes, c.ends)
		p.due, p.done = due, !again
	}
}

// disturb is what people do meanwhile: ask not to be called, pause, resume.
func (s *schedule) disturb() {
	if s.IntN(30) == 0 {
		s.dnc[s.people[s.IntN(len(s.people))].phone] = true
	}
	switch {
	case s.state.Paused && !s.resumes.IsZero() && !s.now.Before(s.resumes):
		s.state.Paused, s.state.ResumedAt = false, s.now
	case !s.state.Paused && s.IntN(40) == 0:
		s.pause()
	}
}

func (s *schedule) pause() {
	s.state.Paused, s.resumes = true, time.Time{}
	if s.IntN(4) > 0 {
		s.resumes = s.now.Add(time.Duration(1+s.IntN(90)) * time.Minute)
	}
}

func (s *schedule) candidates() []batchcalls.Candidate {
	var all []batchcalls.Candidate
	for i, p := range s.people {
		if p.done {
			continue
		}
		c := batchcalls.Candidate{Position: i, Phone: p.phone, DueAt: p.due, Zones: p.zones, DoNotCall: s.dnc[p.phone]}
		for _, made := range s.calls {
			if made.phone == p.phone {
				c.Attempts++
				c.Dialled = append(c.Dialled, made.begun)
				c.OnCall = c.OnCall || !made.over
			}
		}
		all = append(all, c)
	}
	s.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// dial places the calls of a decision; chance says how long they take and how they end.
func (s *schedule) dial(d batchcalls.Dispatch) {
	for _, row := range d.Dial {
		c := &call{row: row, phone: s.people[row].phone, begun: s.now, outcome: s.outcomes[s.IntN(len(s.outcomes))]}
		c.ends = s.now.Add(time.Duration(1+s.IntN(40)) * time.Second)
		if c.outcome == batchcalls.CallCompleted || c.outcome == batchcalls.CallVoicemail {
			c.talked = time.Duration(s.Int64N(int64(2 * s.rules.Estimate)))
			c.ends = c.ends.Add(c.talked)
		}
		s.calls = append(s.calls, c)
	}
	s.state.Live += len(d.Dial)
	s.state.Bucket, s.state.Budget = d.Bucket, d.Budget
	if slices.ContainsFunc(d.Held, func(h batchcalls.Held) bool { return h.Reason == batchcalls.HeldBreaker }) {
		s.pause()
	}
}

// advance moves the clock to what happens next, and sometimes too far, as a dispatcher does that was down.
func (s *schedule) advance(d batchcalls.Dispatch) bool {
	var next time.Time
	earlier := func(t time.Time) {
		if t.After(s.now) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	earlier(d.Again)
	if s.state.Paused {
		earlier(s.resumes)
	}
	for _, c := range s.calls {
		if !c.over {
			earlier(c.ends)
		}
	}
	if next.IsZero() {
		return false
	}
	if s.IntN(6) == 0 {
		next = next.Add(time.Duration(s.Int64N(int64(14 * time.Hour))))
	}
	s.now = next
	return true
}

// clockChanged reports whether somebody's clock was changed while the schedule ran.
func (s *schedule) clockChanged(begun time.Time) bool {
	return slices.ContainsFunc(s.people, func(p person) bool {
		return slices.ContainsFunc(p.zones, func(zone *time.Location) bool {
			_, before := begun.In(zone).Zone()
			_, after := s.now.In(zone).Zone()
			return before != after
		})
	})
}
