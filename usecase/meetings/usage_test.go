package meetingsuc_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/billing/billingpg"
	"github.com/tertulia-dev/tertulia/adapter/meetings/billingbridge"
	"github.com/tertulia-dev/tertulia/domain/billing"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	billinguc "github.com/tertulia-dev/tertulia/usecase/billing"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// usageLedger is the real one, with the prices that ship.
func usageLedger(t *testing.T, tx port.Transactor) meetingsuc.UsageLedger {
	t.Helper()
	prices, err := billing.Published()
	require.NoError(t, err)
	return billingbridge.Bridge{Usage: billinguc.NewRecordUsage(tx, billingpg.Ledger{}, prices, uuids{})}
}

// used is the quantity in the ledger of one kind.
func (s *system) used(t *testing.T, kind billing.Kind) (n int64) {
	t.Helper()
	const sum = "select coalesce(sum(quantity), 0) from usage_entries where kind = $1"
	require.NoError(t, s.db.SystemPool().QueryRow(t.Context(), sum, kind).Scan(&n))
	return n
}

// attended is the life of a notetaker that waited for a minute and recorded for an hour.
func attended(end time.Time) meetingsuc.Progress {
	at := func(code string, before time.Duration) meetings.BotEvent {
		return meetings.BotEvent{Code: code, At: end.Add(-before)}
	}
	return meetingsuc.Progress{IsOver: true, HasRecording: true, Events: []meetings.BotEvent{
		at("joining_call", time.Hour+65*time.Second), at("in_call_recording", time.Hour+5*time.Second), at("call_ended", 5*time.Second), at("done", 0),
	}}
}

func TestANotetakersTimeIsNotedOnceHoweverOftenItIsReportedGone(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)
	s.clock.forward(2 * time.Hour)
	s.out.progress = attended(s.clock.Now())
	s.out.once("progress", fault.New(fault.Unavailable, fault.UnavailableCode)) // asked again
	for range 3 {
		s.tell(t, m, meetingsuc.AboutBot, "done")
		s.live(t, time.Minute, 10*time.Second)
	}
	require.NoError(t, s.Meter.Execute(t.Context(), s.ws, m.ID), "run again, as after a crash")

	require.EqualValues(t, 3665, s.used(t, billing.Notetaker))
	require.EqualValues(t, 3600, s.used(t, billing.Transcription))
	require.Equal(t, 1, s.count(t, "usage_entries where kind = 'notetaker_seconds' and amount = 509028 and meeting_id = $1", m.ID))
	require.Equal(t, 1, s.count(t, "jobs where kind = 'meter_notetaker'"))
}

func TestWhatANotetakerThatFailedOrIsForgottenDidCostsNothing(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)
	s.out.progress = meetingsuc.Progress{IsOver: true, Events: []meetings.BotEvent{
		{Code: "joining_call", At: s.clock.Now()}, {Code: "fatal", At: s.clock.Now().Add(time.Hour)},
	}}
	require.NoError(t, s.Meter.Execute(t.Context(), s.ws, m.ID))
	s.out.always("progress", fault.New(fault.NotFound, fault.NotFoundCode))
	require.NoError(t, s.Meter.Execute(t.Context(), s.ws, m.ID))
	require.Zero(t, s.count(t, "usage_entries"))
}

func TestOneThatIsStillInTheCallIsAskedAgain(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)
	s.out.progress = meetingsuc.Progress{Events: []meetings.BotEvent{{Code: "joining_call", At: s.clock.Now()}}}
	err := s.Meter.Execute(t.Context(), s.ws, m.ID)
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
}

func TestAnAnalysisThatFailsAfterTheModelAnsweredIsPaidForAllTheSame(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)
	s.out.once("analyze", &meetingsuc.SpentError{
		Model: "gpt-4o-2024-08-06", Usage: meetings.Usage{InputTokens: 1000, CachedTokens: 400, OutputTokens: 50},
		Cause: fault.Wrap(fault.Upstream, meetings.AnalysisFailed, errors.New("stops early")),
	})
	s.tell(t, m, meetingsuc.AboutTranscript, "done")
	s.live(t, time.Minute, 5*time.Second)

	require.Equal(t, meetings.Completed, s.get(t, m.ID).Status)
	require.EqualValues(t, 600, s.used(t, billing.ModelInput))
	require.EqualValues(t, 400, s.used(t, billing.ModelCached))
	require.EqualValues(t, 50, s.used(t, billing.ModelOutput))
	require.Equal(t, 1, s.count(t, "usage_entries where kind = 'model_input_tokens' and amount = 1500"), "at the undated model's price")
}

func TestEveryAnalysisIsNotedAndOneThatIsNotStoredIsNot(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.out.spends = meetings.Usage{InputTokens: 17_000, OutputTokens: 2_000}
	m := s.completed(t)
	require.EqualValues(t, 17_000, s.used(t, billing.ModelInput))
	require.Zero(t, s.count(t, "usage_entries where kind = 'model_cached_tokens'"), "none were cached")

	require.NoError(t, s.Analyze.Execute(t.Context(), meetingsuc.AnalyzeInput{Workspace: s.ws, Meeting: m.ID}), "twice automatically")
	require.EqualValues(t, 2_000, s.used(t, billing.ModelOutput))
	require.NoError(t, s.Analyze.Execute(t.Context(), meetingsuc.AnalyzeInput{Workspace: s.ws, Meeting: m.ID, Again: true}))
	require.EqualValues(t, 4_000, s.used(t, billing.ModelOutput))
	require.Equal(t, 2, s.count(t, "usage_entries where kind = 'model_input_tokens' and amount = 2550 and price_source <> ''"))
}

func TestStoredMediaAreNotedOnceADay(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.completed(t)
	s.tell(t, m, meetingsuc.AboutVideo, "done")
	s.runJobs(t)
	size := s.get(t, m.ID).Video.Bytes
	require.Positive(t, size)
	for range 2 {
		n, err := s.MeterStorage.Execute(t.Context(), s.ws)
		require.NoError(t, err)
		require.Equal(t, 1, n)
	}
	require.Equal(t, size, s.used(t, billing.Storage))
	s.clock.forward(24 * time.Hour)
	_, err := s.MeterStorage.Execute(t.Context(), s.ws)
	require.NoError(t, err)
	require.Equal(t, 2*size, s.used(t, billing.Storage))
}
