package meetingsuc_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// heard is a meeting in which these utterances were said, a minute each.
func (s *system) heard(t *testing.T, title string, utterances []string, change ...func(*meetingsuc.ScheduleMeetingInput)) meetings.Meeting {
	t.Helper()
	s.out.transcript = meetings.Transcript{}
	for i, text := range utterances {
		start := meetings.Millis(i) * 60_000
		s.out.transcript.Utterances = append(s.out.transcript.Utterances, meetings.Utterance{
			Speaker: meetings.Speaker{Name: "Luis Peña"}, Words: []meetings.Word{{Text: text, Start: start, End: start + 5000}},
		})
	}
	return s.completed(t, append(change, func(in *meetingsuc.ScheduleMeetingInput) { in.Title = title })...)
}

func (s *system) search(t *testing.T, actor kernel.Principal, text string) []string {
	t.Helper()
	found, err := s.Moments.Queries.Search(t.Context(), actor, meetingsuc.SearchInput{Text: text})
	require.NoError(t, err)
	require.Len(t, found.Meetings, found.Total)
	hits := []string{}
	for _, m := range found.Meetings {
		require.Len(t, m.Moments, m.Count)
		for _, moment := range m.Moments {
			hits = append(hits, fmt.Sprintf("%s %s %s", m.Title, moment.Start.Clock(), moment.Highlighted))
		}
	}
	return hits
}

func TestWhatWasSaidIsFoundAsAPersonWouldLookForIt(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.heard(t, "uno", []string{"La COTIZACIÓN del plan básico", "El plan, básico o mensual", "nada que ver"})
	s.heard(t, "dos", []string{"Básico, el plan", "cotizaciones & <precios>", "¿3.5 o post-venta? 100%"})
	for search, want := range map[string][]string{
		"cotizacion":            {"dos 01:00 <mark>cotizaciones</mark> &amp; &lt;precios&gt;", "uno 00:00 La <mark>COTIZACIÓN</mark> del plan básico"},
		`"plan básico"`:         {"uno 00:00 La COTIZACIÓN del <mark>plan básico</mark>", "uno 01:00 El <mark>plan, básico</mark> o mensual"},
		"básico plan -mensual":  {"dos 00:00 <mark>Básico</mark>, el <mark>plan</mark>", "uno 00:00 La COTIZACIÓN del <mark>plan</mark> <mark>básico</mark>"},
		`básico -"plan básico"`: {"dos 00:00 <mark>Básico</mark>, el plan"},
		"mens*":                 {"uno 01:00 El plan, básico o <mark>mensual</mark>"},
		`"o post" 3.5`:          {"dos 02:00 ¿<mark>3.5</mark> <mark>o post</mark>-venta? 100%"},
		"mens":                  {},
		"plan cotizaciones x":   {},
		"'; drop table x; --":   {},
		"100%":                  {"dos 02:00 ¿3.5 o post-venta? <mark>100</mark>%"},
	} {
		require.Equal(t, want, s.search(t, s.admin, search), "%q", search)
	}
}

func TestASearchShowsWhatItsReaderMaySee(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	said := []string{"el presupuesto"}
	s.heard(t, "ana sells", said)
	s.heard(t, "beto sells", said, func(in *meetingsuc.ScheduleMeetingInput) { in.Actor = s.beto })
	s.heard(t, "beto meets", said, func(in *meetingsuc.ScheduleMeetingInput) { in.Actor, in.Booking = s.beto, meetingsuc.ByInvite })
	hit := func(titles ...string) []string {
		hits := []string{}
		for _, title := range titles {
			hits = append(hits, title+" 00:00 el <mark>presupuesto</mark>")
		}
		return hits
	}
	service := kernel.Principal{Kind: kernel.Service, Workspace: s.ws, Role: kernel.Rep}
	require.Equal(t, hit("beto meets", "ana sells"), s.search(t, s.ana, "presupuesto"))
	require.Equal(t, hit("beto meets", "beto sells"), s.search(t, s.beto, "presupuesto"))
	require.Equal(t, hit("beto meets", "beto sells", "ana sells"), s.search(t, s.admin, "presupuesto"))
	require.Equal(t, hit("beto meets", "beto sells", "ana sells"), s.search(t, service, "presupuesto"))
	require.Empty(t, s.search(t, s.other, "presupuesto"), "another workspace's words")

	for name, c := range map[string]struct {
		filter meetingsuc.SearchFilter
		want   int
	}{
		"type":           {meetingsuc.SearchFilter{Type: meetings.General}, 1},
		"rep":            {meetingsuc.SearchFilter{SalesRep: s.beto.Rep}, 1},
		"from":           {meetingsuc.SearchFilter{From: meetingsuc.Moment{At: s.clock.Now().Add(time.Hour)}}, 0},
		"to":             {meetingsuc.SearchFilter{To: meetingsuc.Moment{At: s.clock.Now().Add(-time.Hour)}}, 0},
		"both":           {meetingsuc.SearchFilter{From: meetingsuc.Moment{At: s.clock.Now().Add(-time.Hour)}, To: meetingsuc.Moment{At: s.clock.Now()}}, 3},
		"the day":        {meetingsuc.SearchFilter{From: meetingsuc.Moment{Day: "2026-11-23"}, To: meetingsuc.Moment{Day: "2026-11-23"}}, 3},
		"the day before": {meetingsuc.SearchFilter{To: meetingsuc.Moment{Day: "2026-11-22"}}, 0},
		"the day after":  {meetingsuc.SearchFilter{From: meetingsuc.Moment{Day: "2026-11-24"}}, 0},
		"past the pages": {meetingsuc.SearchFilter{Page: 9}, 3},
	} {
		found, err := s.Moments.Queries.Search(t.Context(), s.admin, meetingsuc.SearchInput{Text: "presupuesto", SearchFilter: c.filter})
		require.NoError(t, err)
		require.Equal(t, c.want, found.Total, name)
	}
}

func TestASearchPagesByMeetingAndShowsTheFirstMomentsOfEach(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	said := []string{"precio", "precio", "otra cosa", "precio"}
	for i := range 3 {
		s.heard(t, fmt.Sprint(i), said)
		s.clock.forward(time.Minute)
	}
	var titles []string
	for page := 1; page <= 2; page++ {
		found, err := s.Moments.Queries.Search(t.Context(), s.ana, meetingsuc.SearchInput{
			Text: "precio", SearchFilter: meetingsuc.SearchFilter{Page: page, Limit: 2, Moments: 2},
		})
		require.NoError(t, err)
		require.Equal(t, 3, found.Total)
		for _, m := range found.Meetings {
			titles = append(titles, m.Title)
			require.Equal(t, 3, m.Count)
			require.Len(t, m.Moments, 2)
			require.Equal(t, meetings.Millis(60_000), m.Moments[1].Start)
		}
	}
	require.Equal(t, []string{"2", "1", "0"}, titles)
}

func TestTranscriptsFromBeforeTheIndexAreIndexedOnce(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.heard(t, "viejo", []string{"el presupuesto"})
	s.heard(t, "nuevo", []string{"el presupuesto"})
	_, err := s.db.SystemPool().Exec(t.Context(), "delete from transcript_segments s using meetings m where m.id = s.meeting_id and m.title = 'viejo'")
	require.NoError(t, err)
	require.Len(t, s.search(t, s.ana, "presupuesto"), 1)

	for range 2 {
		require.NoError(t, s.Moments.IndexMissing.Execute(t.Context(), s.ws, ""))
		require.Len(t, s.search(t, s.ana, "presupuesto"), 2)
	}
	require.Equal(t, 2, s.count(t, "transcript_segments"))
	require.Zero(t, s.jobs(t, "index_transcripts", queue.StatePending), "it was one batch")
}

func TestWordsThatNoIndexTakesHideNoTranscript(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	var huge strings.Builder
	for i := range 150_000 {
		fmt.Fprintf(&huge, "w%d ", i)
	}
	m := s.heard(t, "grande", []string{huge.String(), "x\x00y presu\x00puesto", "", "…"})
	require.Equal(t, []string{"grande 01:00 xy <mark>presupuesto</mark>"}, s.search(t, s.ana, "presupuesto"))
	require.Len(t, s.search(t, s.ana, "w17"), 1)
	require.Equal(t, meetings.Completed, s.get(t, m.ID).Status)
}
