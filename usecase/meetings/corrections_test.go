package meetingsuc_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// correct makes an active correction.
func (s *system) correct(t *testing.T, wrong, right string) meetings.Correction {
	t.Helper()
	c, err := s.Corrections.Add.Execute(t.Context(), meetingsuc.AddCorrectionInput{Actor: s.admin, Wrong: wrong, Right: right, Active: true})
	require.NoError(t, err)
	return c
}

func TestWhatIsAnalysedIsCorrectedAndWhatWasHeardIsKept(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	off := s.correct(t, "propuesta", "oferta")
	_, err := s.Corrections.Change.Execute(t.Context(), meetingsuc.ChangeCorrectionInput{
		Actor: s.admin, Correction: off.ID, Active: meetings.ChangeTo(false),
	})
	require.NoError(t, err)
	s.correct(t, "jueves", "viernes")

	m := s.completed(t)

	require.Contains(t, s.out.analysed.FullText(), "Le envío la propuesta el viernes.")
	d, err := s.Queries.Detail(t.Context(), s.ana, m.ID)
	require.NoError(t, err)
	require.Equal(t, talk(), d.Transcript.Transcript, "what was heard")
	require.Contains(t, d.Corrected.FullText(), "el viernes.")

	s.correct(t, "cincuenta mil", "sesenta mil")
	d, err = s.Queries.Detail(t.Context(), s.ana, m.ID)
	require.NoError(t, err)
	require.Contains(t, d.Corrected.FullText(), "Unos sesenta mil pesos", "people read it at once")
	require.NotContains(t, s.out.analysed.FullText(), "sesenta", "the analysis waits to be asked for")
	_, err = s.Reanalyze.Execute(t.Context(), meetingsuc.ReanalyzeMeetingInput{Actor: s.ana, Meeting: m.ID})
	require.NoError(t, err)
	s.runJobs(t)
	require.Contains(t, s.out.analysed.FullText(), "Unos sesenta mil pesos")
	require.Contains(t, s.out.analysed.FullText(), "el viernes.")

	file, err := s.Moments.Queries.TranscriptFile(t.Context(), s.ana, m.ID, meetings.Text)
	require.NoError(t, err)
	require.Contains(t, file.Body, "Unos sesenta mil pesos")
}

func TestAnotherWorkspacesCorrectionsCorrectNothingHere(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	_, err := s.Corrections.Add.Execute(t.Context(), meetingsuc.AddCorrectionInput{Actor: s.other, Wrong: "jueves", Right: "viernes", Active: true})
	require.NoError(t, err)
	m := s.completed(t)
	require.Contains(t, s.out.analysed.FullText(), "el jueves.")
	d, err := s.Queries.Detail(t.Context(), s.ana, m.ID)
	require.NoError(t, err)
	require.Equal(t, talk(), d.Corrected)
}

func TestWhatIsRefusedAsACorrection(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.correct(t, "Clik  Balans", "ClickBalance")
	for name, c := range map[string]struct {
		in   meetingsuc.AddCorrectionInput
		code fault.Code
	}{
		"nothing wrong":         {meetingsuc.AddCorrectionInput{Actor: s.admin, Wrong: " ¿? ", Right: "x"}, fault.Validation},
		"nothing right":         {meetingsuc.AddCorrectionInput{Actor: s.admin, Wrong: "x", Right: " "}, fault.Validation},
		"nothing to change":     {meetingsuc.AddCorrectionInput{Actor: s.admin, Wrong: " igual", Right: "igual "}, fault.Validation},
		"a whole speech":        {meetingsuc.AddCorrectionInput{Actor: s.admin, Wrong: strings.Repeat("a", 201), Right: "x"}, fault.Validation},
		"the same words":        {meetingsuc.AddCorrectionInput{Actor: s.admin, Wrong: "clik balans", Right: "Otra"}, meetings.CorrectionExists},
		"the same words, asked": {meetingsuc.AddCorrectionInput{Actor: s.admin, Wrong: "¿CLIK BALANS?", Right: "Otra"}, meetings.CorrectionExists},
		"a rep's":               {meetingsuc.AddCorrectionInput{Actor: s.ana, Wrong: "x", Right: "y"}, fault.ForbiddenCode},
	} {
		_, err := s.Corrections.Add.Execute(t.Context(), c.in)
		require.Equal(t, c.code, fault.CodeOf(err), name)
	}
	require.Equal(t, 1, s.count(t, "transcript_corrections"))

	other := s.correct(t, "clik", "clic")
	for name, c := range map[string]struct {
		in   meetingsuc.ChangeCorrectionInput
		code fault.Code
	}{
		"into another's words": {meetingsuc.ChangeCorrectionInput{Actor: s.admin, Wrong: meetings.ChangeTo("CLIK balans")}, meetings.CorrectionExists},
		"into nothing":         {meetingsuc.ChangeCorrectionInput{Actor: s.admin, Right: meetings.ChangeTo("")}, fault.Validation},
		"into itself":          {meetingsuc.ChangeCorrectionInput{Actor: s.admin, Right: meetings.ChangeTo("clik")}, fault.Validation},
		"by a rep":             {meetingsuc.ChangeCorrectionInput{Actor: s.ana, Right: meetings.ChangeTo("y")}, fault.ForbiddenCode},
		"by another workspace": {meetingsuc.ChangeCorrectionInput{Actor: s.other, Right: meetings.ChangeTo("y")}, meetings.CorrectionNotFound},
	} {
		c.in.Correction = other.ID
		_, err := s.Corrections.Change.Execute(t.Context(), c.in)
		require.Equal(t, c.code, fault.CodeOf(err), name)
	}
	require.Equal(t, fault.ForbiddenCode, fault.CodeOf(s.Corrections.Remove.Execute(t.Context(), s.ana, other.ID)))
	require.Equal(t, meetings.CorrectionNotFound, fault.CodeOf(s.Corrections.Remove.Execute(t.Context(), s.other, other.ID)))
	require.NoError(t, s.Corrections.Remove.Execute(t.Context(), s.admin, other.ID))
	require.Equal(t, meetings.CorrectionNotFound, fault.CodeOf(s.Corrections.Remove.Execute(t.Context(), s.admin, other.ID)))
}

func TestCorrectionsAreListedByWhatTheyCorrectPageByPage(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	for _, wrong := range []string{"delta", "Alfa", "charli", "bravo", "éco"} {
		s.correct(t, wrong, "x")
	}
	var seen []string
	page := kernel.Page{Limit: 2}
	for {
		list, next, err := s.Corrections.List(t.Context(), s.ana, false, page)
		require.NoError(t, err)
		for _, c := range list {
			seen = append(seen, c.Wrong)
		}
		if next == "" {
			break
		}
		page.Cursor = next
	}
	require.Equal(t, []string{"Alfa", "bravo", "charli", "delta", "éco"}, seen)
	_, _, err := s.Corrections.List(t.Context(), s.ana, false, kernel.Page{Cursor: "*"})
	require.Equal(t, fault.Validation, fault.CodeOf(err))
	list, _, err := s.Corrections.List(t.Context(), s.other, false, kernel.Page{})
	require.NoError(t, err)
	require.Empty(t, list)
}

func TestThereIsAnEndToHowManyCorrectionsAWorkspaceHas(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	_, err := s.db.SystemPool().Exec(t.Context(), `
		insert into transcript_corrections (id, workspace_id, wrong, correct, key, active, created_at, updated_at)
		select gen_random_uuid(), $1, 'w' || n, 'x', 'w' || n, true, now(), now() from generate_series(1, $2::int) n`,
		string(s.ws), meetings.MaxCorrections)
	require.NoError(t, err)
	_, err = s.Corrections.Add.Execute(t.Context(), meetingsuc.AddCorrectionInput{Actor: s.admin, Wrong: uuid.NewString(), Right: "x"})
	require.Equal(t, meetings.CorrectionLimit, fault.CodeOf(err))
}
