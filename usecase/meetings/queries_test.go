package meetingsuc_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// titles lists what an actor finds.
func (s *system) titles(t *testing.T, actor kernel.Principal, f meetingsuc.ListFilter) []string {
	t.Helper()
	rows, total, err := s.Queries.List(t.Context(), actor, f)
	require.NoError(t, err)
	found := make([]string, len(rows))
	for i, r := range rows {
		found[i] = r.Title
	}
	if f.Limit == 0 && f.Page == 0 {
		require.Len(t, rows, total)
	}
	return found
}

func titled(title, company, contact string) func(*meetingsuc.ScheduleMeetingInput) {
	return func(in *meetingsuc.ScheduleMeetingInput) {
		in.Title, in.Customer.Company, in.Customer.ContactName = title, company, contact
	}
}

func TestASearchMindsNeitherAccentsNorCaseAndTakesWildcardsAsTheyAre(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.scheduled(t, titled("a", "Peñón S.A.", "Íñigo"))
	s.scheduled(t, titled("b", "100% Natural", "Under_score"))
	s.scheduled(t, titled("c", `Back\slash`, "Ana"))
	for search, want := range map[string][]string{
		"PENON": {"a"}, "peñón": {"a"}, "inigo": {"a"}, "100%": {"b"}, "%": {"b"}, "_": {"b"}, `\`: {"c"}, `\s`: {"c"},
		"nn": {}, "' or 1=1 --": {}, "": {"c", "b", "a"}, "pe\x00non": {"a"}, "\xff": {"c", "b", "a"}, "?": {},
	} {
		require.Equal(t, want, s.titles(t, s.admin, meetingsuc.ListFilter{Search: search}), "search %q", search)
	}
}

func TestDatesAreInclusiveAtBothEnds(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	due := time.Date(2026, 11, 25, 18, 0, 0, 0, time.UTC)
	for i, at := range []time.Time{due.Add(-time.Microsecond), due, due.Add(time.Hour), due.Add(time.Hour + time.Microsecond)} {
		s.scheduled(t, func(in *meetingsuc.ScheduleMeetingInput) {
			in.Title, in.ScheduledAt = fmt.Sprint(i), at.Format(time.RFC3339Nano)
		})
	}
	require.Equal(t, []string{"2", "1"}, s.titles(t, s.admin, meetingsuc.ListFilter{From: instant(due), To: instant(due.Add(time.Hour))}))
	require.Equal(t, []string{"3", "2", "1"}, s.titles(t, s.admin, meetingsuc.ListFilter{From: instant(due)}))

	started := s.scheduled(t, titled("begun", "", "x"))
	s.clock.forward(time.Minute)
	s.tell(t, started, meetingsuc.AboutBot, "in_call_recording")
	at := s.clock.Now()
	require.Equal(t, []string{"begun"}, s.titles(t, s.admin, meetingsuc.ListFilter{From: instant(at), To: instant(at)}), "by when it began")
}

func instant(t time.Time) meetingsuc.Moment { return meetingsuc.Moment{At: t} }

func TestADayIsOneOfTheWorkspacesCalendarWhateverItsClocksDo(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	for _, c := range []struct{ zone, day, begins, ends string }{
		{"America/Mexico_City", "2026-11-25", "2026-11-25T06:00:00Z", "2026-11-26T06:00:00Z"},
		{"Asia/Tokyo", "2026-11-25", "2026-11-24T15:00:00Z", "2026-11-25T15:00:00Z"},
		{"America/New_York", "2027-03-14", "2027-03-14T05:00:00Z", "2027-03-15T04:00:00Z"}, // of 23 hours
		{"America/New_York", "2027-11-07", "2027-11-07T04:00:00Z", "2027-11-08T05:00:00Z"}, // of 25 hours
		{"America/Mexico_City", "2026-12-31", "2026-12-31T06:00:00Z", "2027-01-01T06:00:00Z"},
	} {
		s.moveTo(t, c.zone)
		begins, err := time.Parse(time.RFC3339, c.begins)
		require.NoError(t, err)
		ends, err := time.Parse(time.RFC3339, c.ends)
		require.NoError(t, err)
		name := c.zone + " " + c.day
		for i, at := range []time.Time{begins.Add(-time.Microsecond), begins, ends.Add(-time.Microsecond), ends} {
			s.scored(t, s.ana, at, 50, 50, func(m *meetings.Meeting, _ *meetings.Analysis) { m.Title = name + fmt.Sprint(i) })
		}
		day := meetingsuc.Moment{Day: c.day}
		require.Equal(t, []string{name + "2", name + "1"}, s.titles(t, s.admin, meetingsuc.ListFilter{From: day, To: day, Search: name}), name)
	}
}

func TestPagesEndAndTellHowManyThereAre(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	for i := range 5 {
		s.scheduled(t, titled(fmt.Sprint(i), "", "x")) // all at the same moment: the ID decides
	}
	seen := []string{}
	for page := 1; page <= 3; page++ {
		seen = append(seen, s.titles(t, s.ana, meetingsuc.ListFilter{Page: page, Limit: 2})...)
	}
	require.Equal(t, []string{"4", "3", "2", "1", "0"}, seen)
	for _, page := range []int{4, 1000, math.MaxInt} {
		rows, total, err := s.Queries.List(t.Context(), s.ana, meetingsuc.ListFilter{Page: page, Limit: 2})
		require.NoError(t, err)
		require.Empty(t, rows)
		require.Equal(t, 5, total, "also past the end")
	}
	rows, total, err := s.Queries.List(t.Context(), s.ana, meetingsuc.ListFilter{Page: -3, Limit: 5000, Search: "nothing"})
	require.NoError(t, err)
	require.Empty(t, rows)
	require.Zero(t, total)
}

func TestAListShowsWhatItsReaderMaySee(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.scheduled(t, titled("ana sells", "", "x"))
	s.scheduled(t, titled("beto sells", "", "x"), func(in *meetingsuc.ScheduleMeetingInput) { in.Actor = s.beto })
	s.scheduled(t, titled("beto meets", "", ""), func(in *meetingsuc.ScheduleMeetingInput) {
		in.Actor, in.Booking = s.beto, meetingsuc.ByInvite
	})
	s.scheduled(t, titled("for ana", "", "x"), func(in *meetingsuc.ScheduleMeetingInput) {
		in.Actor, in.RepEmail = s.admin, s.ana.Email
	})
	all := []string{"for ana", "beto meets", "beto sells", "ana sells"}
	service := kernel.Principal{Kind: kernel.Service, Workspace: s.ws, Role: kernel.Rep}

	require.Equal(t, []string{"for ana", "beto meets", "ana sells"}, s.titles(t, s.ana, meetingsuc.ListFilter{}))
	require.Equal(t, []string{"beto meets", "beto sells"}, s.titles(t, s.beto, meetingsuc.ListFilter{}))
	require.Equal(t, all, s.titles(t, s.admin, meetingsuc.ListFilter{}))
	require.Equal(t, all, s.titles(t, service, meetingsuc.ListFilter{}))
	require.Empty(t, s.titles(t, s.other, meetingsuc.ListFilter{}))

	require.Equal(t, []string{"beto meets"}, s.titles(t, s.admin, meetingsuc.ListFilter{Type: meetings.General}))
	require.Empty(t, s.titles(t, s.admin, meetingsuc.ListFilter{Statuses: []meetings.Status{meetings.Completed, meetings.Failed}}))
	require.Len(t, s.titles(t, s.admin, meetingsuc.ListFilter{Statuses: []meetings.Status{meetings.Joining, meetings.Failed}}), 4)

	rows, _, err := s.Queries.List(t.Context(), s.admin, meetingsuc.ListFilter{})
	require.NoError(t, err)
	require.Equal(t, s.ana.Email, rows[0].SalesRep.Email)
	require.Equal(t, s.admin.Email, rows[0].CreatedBy.Email)
	require.Nil(t, rows[1].SalesRep)
	require.Equal(t, "America/Mexico_City", rows[0].Zone)
}

func TestADetailHoldsAllThereIsForThoseWhoMaySeeIt(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.completed(t)
	s.tell(t, m, meetingsuc.AboutRecording, "done")
	s.runJobs(t)

	d, err := s.Queries.Detail(t.Context(), s.ana, m.ID)
	require.NoError(t, err)
	require.Equal(t, talk(), d.Transcript.Transcript)
	require.Equal(t, s.analysis(t, m.ID), *d.Analysis)
	require.Contains(t, d.VideoURL, "video.mp4")
	require.Contains(t, d.AudioURL, "audio.mp3")
	require.Equal(t, s.clock.Now().Add(time.Hour), d.ExpiresAt)

	fresh, err := s.Queries.Detail(t.Context(), s.ana, s.scheduled(t).ID)
	require.NoError(t, err)
	require.Nil(t, fresh.Transcript)
	require.Nil(t, fresh.Analysis)
	require.Empty(t, fresh.VideoURL)

	for _, c := range []struct {
		actor kernel.Principal
		code  fault.Code
	}{{s.beto, fault.ForbiddenCode}, {s.other, meetings.MeetingNotFound}} {
		_, err = s.Queries.Detail(t.Context(), c.actor, m.ID)
		require.Equal(t, c.code, fault.CodeOf(err))
		_, err = s.Queries.Row(t.Context(), c.actor, m.ID)
		require.Equal(t, c.code, fault.CodeOf(err))
	}
}

func TestAFileThatIsMissingHidesNothingElse(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.recorded(t)
	s.out.always("sign", fault.New(fault.NotFound, "BLOB_NOT_FOUND"))

	d, err := s.Queries.Detail(t.Context(), s.ana, m.ID)
	require.NoError(t, err)
	require.Equal(t, m.ID, d.Row.ID)
	require.Empty(t, d.VideoURL+d.AudioURL)
	_, err = s.Queries.MediaLink(t.Context(), s.ana, m.ID, meetingsuc.Video)
	require.Equal(t, meetings.VideoNotReady, fault.CodeOf(err))
}

func TestAStoreThatIsAwayHidesItsRecordingsOnly(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.recorded(t)
	s.out.always("sign", upstream("STORAGE_ERROR"))

	d, err := s.Queries.Detail(t.Context(), s.ana, m.ID)
	require.NoError(t, err)
	require.Equal(t, m.ID, d.Row.ID)
	require.Empty(t, d.VideoURL+d.AudioURL)
	_, err = s.Queries.MediaLink(t.Context(), s.ana, m.ID, meetingsuc.Video)
	require.Equal(t, fault.Upstream, fault.KindOf(err))
}

func TestWordsWithANULAreStoredWithoutIt(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.out.transcript.Utterances[0].Words[0].Text = "\x00\x00¿Qu\x00é"
	s.out.transcript.Utterances[0].Words[1].Text = `\u0000`
	m := s.completed(t, titled("Demo\x00", "Ac\x00me", "Luis"))

	d, err := s.Queries.Detail(t.Context(), s.ana, m.ID)
	require.NoError(t, err)
	require.Equal(t, "¿Qué", d.Transcript.Utterances[0].Words[0].Text)
	require.Equal(t, `\u0000`, d.Transcript.Utterances[0].Words[1].Text, "these are six letters")
	require.Equal(t, "Demo", d.Row.Title)
	require.Equal(t, "Acme", d.Row.Customer.Company)
}
