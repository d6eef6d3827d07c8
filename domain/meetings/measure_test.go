package meetings_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/meetings"
)

var ana = meetings.RepIdentity{Name: "Ana López", Email: "ana@acme.com"}

func TestSpeakingTimeIsSharedOutByParticipant(t *testing.T) {
	t.Parallel()
	p, m := meetings.Measure(transcriptOf( // the figures of the source document
		said("Juan Pérez", 0, 1102, n(2000)),
		said("Pedro García", 1102, 1682, n(900)),
		said("María López", 1682, 1842, n(300)),
	), meetings.RepIdentity{Name: "juan perez"})

	require.True(t, p.RepIdentified)
	require.InDelta(t, 1842, p.TotalSpeakingSeconds, 0.001)
	require.Equal(t, []string{"Juan Pérez", "Pedro García", "María López"}, names(p))
	require.Equal(t, []float64{59.8, 31.5, 8.7}, percentages(p))
	require.Equal(t, meetings.RoleRep, p.Participants[0].Role)
	require.Equal(t, meetings.RoleGuest, p.Participants[1].Role)
	require.InDelta(t, 0.598, *m.TalkRatio, 0.0005)
	require.InDelta(t, 1842, m.DurationSeconds, 0.001)
}

func TestOverlappingSpeechCountsForEachSpeaker(t *testing.T) {
	t.Parallel()
	p, m := meetings.Measure(transcriptOf(
		said("Ana López", 0, 10, n(20)),
		said("Pedro", 5, 10, n(10)),
	), ana)
	require.InDelta(t, 15, p.TotalSpeakingSeconds, 0.001)
	require.Equal(t, []float64{66.7, 33.3}, percentages(p))
	require.InDelta(t, 0.667, *m.TalkRatio, 0.0005)
	require.InDelta(t, 10, m.DurationSeconds, 0.001)
}

func TestAParticipantWhoRejoinsIsOne(t *testing.T) {
	t.Parallel()
	first, again, twice := said("Ana López", 0, 10, n(10)), said("ANA  Lopez", 20, 25, n(5)), said("Ana López", 22, 27, n(5))
	first.Speaker.ID, again.Speaker.ID, twice.Speaker.ID = "100", "104", "105"
	again.Speaker.Email = "ana@acme.com"
	p, _ := meetings.Measure(transcriptOf(first, said("Pedro", 10, 20, n(9)), again, twice), ana)

	require.Equal(t, []string{"Ana López", "Pedro"}, names(p))
	require.InDelta(t, 17, p.Participants[0].SpeakingSeconds, 0.001, "what two connections of one person hear at once counts once")
	require.Equal(t, "ana@acme.com", *p.Participants[0].Email)
	require.Equal(t, 20, p.Participants[0].Words)
}

func TestNamesakesWithTwoAddressesAreTwo(t *testing.T) {
	t.Parallel()
	one, other := said("Ana", 0, 1, n(2)), said("Ana", 1, 2, n(2))
	one.Speaker.Email, other.Speaker.Email = "ana@acme.com", "ana@cliente.com"
	p, _ := meetings.Measure(transcriptOf(one, other), ana)
	require.Len(t, p.Participants, 2)
	require.Equal(t, meetings.RoleRep, p.Participants[0].Role)
	require.Equal(t, meetings.RoleGuest, p.Participants[1].Role)
}

func TestTheRepIsFoundByAddressThenByName(t *testing.T) {
	t.Parallel()
	withEmail := func(name, email string) meetings.Utterance {
		u := said(name, 0, 1, n(2))
		u.Speaker.Email = email
		return u
	}
	for name, c := range map[string]struct {
		who  []meetings.Utterance
		want string
	}{
		"by address, whatever the name": {[]meetings.Utterance{said("Ana López", 0, 1, "a"), withEmail("Sala 3", "ANA@acme.com")}, "Sala 3"},
		"by name without accents":       {[]meetings.Utterance{said("ana lopez", 0, 1, "a"), said("Pedro", 0, 1, "b")}, "ana lopez"},
		"by a longer name":              {[]meetings.Utterance{said("Ana López (Acme)", 0, 1, "a"), said("Ana", 0, 1, "b")}, "Ana López (Acme)"},
		"not by a first name alone":     {[]meetings.Utterance{said("Ana", 0, 1, "a")}, ""},
		"not when two fit":              {[]meetings.Utterance{said("Ana López Ruiz", 0, 1, "a"), said("Ana López Gil", 0, 1, "b")}, ""},
		"not when nobody fits":          {[]meetings.Utterance{said("Pedro", 0, 1, "a"), said("", 0, 1, "b")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, m := meetings.Measure(transcriptOf(c.who...), ana)
			require.Equal(t, c.want != "", p.RepIdentified)
			require.Equal(t, c.want != "", m.TalkRatio != nil)
			for _, one := range p.Participants {
				require.Equal(t, one.Name == c.want, one.Role == meetings.RoleRep, one.Name)
			}
		})
	}
}

func TestAMonologueAbsorbsBackChannels(t *testing.T) {
	t.Parallel()
	tr := transcriptOf(
		said("Ana López", 0, 40, n(80)),
		said("Pedro", 38, 39, "sí, claro, entiendo muy bien"), // five words
		said("Ana López", 41, 100, n(90)),
		said("Pedro", 101, 104, "pero yo lo veo de otra forma"), // seven words: an interruption
		said("Ana López", 105, 130, n(40)),
		said("Pedro", 131, 161, n(60)),
		said("Lucía", 161, 191, n(60)),
		said("Ana López", 190, 191, "ajá"),
		said("Lucía", 192, 200, n(20)),
	)
	_, m := meetings.Measure(tr, ana)
	require.InDelta(t, 100, *m.LongestRepMonologue, 0.001)
	require.InDelta(t, 39, *m.LongestGuestMonologue, 0.001, "161–200, over the rep's ajá")
	require.InDelta(t, 69, *m.LongestCustomerStory, 0.001, "Pedro and Lucía tell it together, 131–200")
}

func TestShortExchangesAreNotBackChannels(t *testing.T) {
	t.Parallel()
	turns := []meetings.Turn{
		{Speaker: 0, Start: 0, End: 1000, Words: 2},
		{Speaker: 1, Start: 1000, End: 2000, Words: 2},
		{Speaker: 0, Start: 2000, End: 3000, Words: 3},
	}
	require.Equal(t, turns, meetings.Absorbed(turns), "nobody had the floor")
}

func TestInteractivityIsSwitchesPerMinute(t *testing.T) {
	t.Parallel()
	_, m := meetings.Measure(transcriptOf(
		said("Ana López", 0, 20, n(40)), said("Ana López", 21, 30, n(20)), said("Pedro", 30, 60, n(60)),
		said("Ana López", 60, 90, n(60)), said("Lucía", 90, 120, n(60)),
	), ana)
	require.InDelta(t, 1.5, m.Interactivity, 0.001, "three switches in two minutes")
	require.InDelta(t, 120, m.DurationSeconds, 0.001)
}

func TestPatienceIsTheMedianGapBeforeTheRepAnswers(t *testing.T) {
	t.Parallel()
	turn := func(speaker int, start, end meetings.Millis) meetings.Turn {
		return meetings.Turn{Speaker: speaker, Start: start, End: end, Words: 10}
	}
	const rep, guest = 0, 1
	odd := []meetings.Turn{
		turn(guest, 0, 1000), turn(rep, 1400, 2000), // 0.4 s
		turn(guest, 2000, 3000), turn(rep, 2500, 4000), // overlap: 0
		turn(guest, 9000, 10000), turn(rep, 12000, 13000), // 2 s; the rep's own pause before is not patience
	}
	require.InDelta(t, 0.4, meetings.Patience(odd, rep), 1e-9)
	require.InDelta(t, 0.2, meetings.Patience(odd[:4], rep), 1e-9, "the mean of the middle two")
	require.Zero(t, meetings.Patience([]meetings.Turn{turn(rep, 0, 1), turn(guest, 5, 6)}, rep))
}

func TestQuestionsAndPaceAreTheReps(t *testing.T) {
	t.Parallel()
	_, m := meetings.Measure(transcriptOf(
		said("Ana López", 0, 30, "¿Cuántos son? ¿Y quién decide? Bien. «¿Seguro?» "+n(54)),
		said("Pedro", 30, 60, "¿Cuánto cuesta? "+n(28)),
	), ana)
	require.InDelta(t, 180, *m.RepQuestionsPerHour, 0.001, "three in a minute; the customer's do not count")
	require.InDelta(t, 122, *m.RepWordsPerMinute, 0.001, "61 words in half a minute")
	require.InDelta(t, 60, *m.GuestWordsPerMinute, 0.001)
	require.InDelta(t, 91, m.WordsPerMinute, 0.001)
}

func names(p meetings.Participation) (list []string) {
	for _, one := range p.Participants {
		list = append(list, one.Name)
	}
	return list
}

func percentages(p meetings.Participation) (list []float64) {
	for _, one := range p.Participants {
		list = append(list, one.Percentage)
	}
	return list
}

func TestAMonologueBeforeNobodySaysNothingOfGuests(t *testing.T) {
	t.Parallel()
	_, m := meetings.Measure(transcriptOf(said(ana.Name, 0, 10, "hola a todos ¿hay alguien?")), ana)
	require.NotNil(t, m.TalkRatio)
	require.Nil(t, m.GuestWordsPerMinute)
	require.Nil(t, m.LongestGuestMonologue)
	require.Nil(t, m.LongestCustomerStory)
	require.Nil(t, m.Patience)
}
