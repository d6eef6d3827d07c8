package embed_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

const general = "seguimiento_general"

func TestEachEditOfInstructionsIsAVersionAndTwoEditorsDoNotOverwriteEachOther(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	first, err := s.Admin.Agents.Get(t.Context(), general)
	require.NoError(t, err)
	require.Equal(t, 1, first.Version)
	require.Len(t, first.Versions, 1)
	require.Nil(t, first.Versions[0].EditedBy, "it came with the product")

	second, err := s.Admin.Agents.EditInstructions(t.Context(), general, first.Version, "  Responde en una frase.  ")
	require.NoError(t, err)
	require.Equal(t, 2, second.Version)
	require.Equal(t, "Responde en una frase.", second.Instructions)
	require.Equal(t, first.Instructions, second.Versions[1].Instructions, "nothing is lost")
	require.Equal(t, "Mariana Rios", strings.ReplaceAll(second.Versions[0].EditedBy.Name, "í", "i"))

	_, err = s.Admin.Agents.EditInstructions(t.Context(), general, first.Version, "Llegué tarde.")
	requireCode(t, err, http.StatusConflict, tertulia.CodeVersionConflict)

	var wait sync.WaitGroup
	var mu sync.Mutex
	stored := 0
	for range 8 {
		wait.Go(func() {
			if _, err := s.Admin.Agents.EditInstructions(t.Context(), general, 2, "A la vez."); err == nil {
				mu.Lock()
				defer mu.Unlock()
				stored++
			}
		})
	}
	wait.Wait()
	require.Equal(t, 1, stored, "of many at once one is stored, and the others hear of it")
	now, err := s.Admin.Agents.Get(t.Context(), general)
	require.NoError(t, err)
	require.Equal(t, 3, now.Version)
	require.Len(t, now.Versions, 3)

	theirs, err := s.Other.Agents.Get(t.Context(), general)
	require.NoError(t, err)
	require.Equal(t, 1, theirs.Version, "another workspace has its own")
}

func TestTheVersionTravelsAsAnETag(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	token := "Bearer " + s.Token(t, embedtest.AdminEmail)
	address := s.URL + "/api/admin/agents/" + general
	got := s.Do(t, http.MethodGet, address, "", "Authorization", token)
	require.Equal(t, `"1"`, got.Header.Get("ETag"))
	body := `{"instructions":"Responde."}`
	for header, status := range map[string]int{`"7"`: http.StatusConflict, "uno": http.StatusBadRequest, `"0"`: http.StatusBadRequest} {
		answer := s.Do(t, http.MethodPut, address+"/instructions", body, "Authorization", token, "If-Match", header)
		require.Equal(t, status, answer.Status, header)
	}
	answer := s.Do(t, http.MethodPut, address+"/instructions", body, "Authorization", token, "If-Match", got.Header.Get("ETag"))
	require.Equal(t, http.StatusOK, answer.Status, answer.Body)
	require.Equal(t, `"2"`, answer.Header.Get("ETag"))
}

func TestAnAgentIsConfiguredFieldByField(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	a := s.Admin.Agents
	_, err := a.SetQuestions(t.Context(), general, []string{" ¿Qué quedó pendiente? "})
	require.NoError(t, err)
	_, err = a.Rename(t.Context(), general, "Preguntas")
	require.NoError(t, err)
	_, err = a.SetParams(t.Context(), general, tertulia.SetParamsRequest{Temperature: tertulia.Some(0.4), TopP: tertulia.Some(0.9)})
	require.NoError(t, err)
	_, err = a.SetParams(t.Context(), general, tertulia.SetParamsRequest{TopP: tertulia.Null[float64]()})
	require.NoError(t, err)

	got, err := a.SetModel(t.Context(), general, "gpt-4o")
	require.NoError(t, err)
	require.Equal(t, []string{"¿Qué quedó pendiente?"}, got.SuggestedQuestions)
	require.Equal(t, "Preguntas", got.DisplayName)
	require.Equal(t, new(0.4), got.Temperature)
	require.Nil(t, got.TopP)
	require.Equal(t, "gpt-4o", got.EffectiveModel)
	require.Equal(t, new(0.4), got.EffectiveParams.Temperature)

	got, err = a.SetModel(t.Context(), general, "")
	require.NoError(t, err)
	require.Nil(t, got.Model)
	require.Equal(t, "gpt-6-luna", got.EffectiveModel)
	require.Nil(t, got.EffectiveParams.Temperature, "it is kept, and not sent to a model that refuses it")
	require.Equal(t, new(0.4), got.Temperature)
	require.Equal(t, 1, got.Version, "only instructions have versions")
}

func TestWhatIsWrongWithAnAgentIsToldByField(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	a := s.Admin.Agents
	for field, try := range map[string]func() error{
		"instructions": func() error { _, err := a.EditInstructions(t.Context(), general, 0, " "); return err },
		"model":        func() error { _, err := a.SetModel(t.Context(), general, "gpt-4.1-nano"); return err },
		"temperature": func() error {
			_, err := a.SetParams(t.Context(), general, tertulia.SetParamsRequest{Temperature: tertulia.Some(2.5)})
			return err
		},
		"top_p": func() error {
			_, err := a.SetParams(t.Context(), general, tertulia.SetParamsRequest{TopP: tertulia.Some(-1.0)})
			return err
		},
		"display_name":        func() error { _, err := a.Rename(t.Context(), general, strings.Repeat("x", 81)); return err },
		"suggested_questions": func() error { _, err := a.SetQuestions(t.Context(), general, make([]string, 9)); return err },
		"key": func() error {
			_, err := a.Create(t.Context(), tertulia.CreateAgentRequest{Key: "evaluador_mio", DisplayName: "Mío", Instructions: "x"})
			return err
		},
		"meeting_types[0]": func() error {
			_, err := a.Create(t.Context(), tertulia.CreateAgentRequest{DisplayName: "Mío", Instructions: "x", MeetingTypes: []string{"otra"}})
			return err
		},
	} {
		err := try()
		requireCode(t, err, http.StatusBadRequest, tertulia.CodeValidation)
		var e *tertulia.APIError
		require.ErrorAs(t, err, &e)
		require.Equal(t, field, e.Details[0].Field)
	}
	_, err := a.Get(t.Context(), "nadie")
	requireCode(t, err, http.StatusNotFound, tertulia.CodeAgentNotFound)
	_, err = a.Rename(t.Context(), "nadie", "Nadie")
	requireCode(t, err, http.StatusNotFound, tertulia.CodeAgentNotFound)
}

func TestANewAgentCanBeAskedUntilItIsArchived(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	meeting := s.Scheduled(t, embedtest.Talk(), later(s, time.Hour))
	made, err := s.Admin.Agents.Create(t.Context(), tertulia.CreateAgentRequest{
		DisplayName: "Revisión legal", Instructions: "Respondes dudas sobre compromisos.", MeetingTypes: []string{"ventas"},
		SuggestedQuestions: []string{"¿Qué se prometió?"},
	})
	require.NoError(t, err)
	require.Equal(t, "revision_legal", made.Key)
	_, err = s.Admin.Agents.Create(t.Context(), tertulia.CreateAgentRequest{DisplayName: "Revisión Legal", Instructions: "Otra."})
	requireCode(t, err, http.StatusConflict, tertulia.CodeAgentExists)

	last := func() string {
		list, err := s.Rep.Agents.OfMeeting(t.Context(), meeting)
		require.NoError(t, err)
		return list.Data[len(list.Data)-1].Key
	}
	require.Equal(t, "revision_legal", last())
	_, err = s.Admin.Agents.SetActive(t.Context(), made.Key, false)
	require.NoError(t, err)
	require.Equal(t, "correo_seguimiento", last())
	got, err := s.Admin.Agents.Get(t.Context(), made.Key)
	require.NoError(t, err)
	require.False(t, got.Active, "it is still there for admins")
	_, err = s.Admin.Agents.SetActive(t.Context(), made.Key, true)
	require.NoError(t, err)
	require.Equal(t, "revision_legal", last())
}

func TestStagesOfASaleAreThoseWithAnEvaluatorInUse(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	names := func() (names []string) {
		list, err := s.Rep.Agents.Subtypes(t.Context())
		require.NoError(t, err)
		for _, stage := range list.Data {
			names = append(names, stage.SalesSubtype+" "+stage.Label)
		}
		return names
	}
	require.Equal(t, []string{"calificacion Calificación", "demostracion Demostración", "negociacion Negociación"}, names())
	_, err := s.Admin.Agents.SetActive(t.Context(), "evaluador_demostracion", false)
	require.NoError(t, err)
	require.Equal(t, []string{"calificacion Calificación", "negociacion Negociación"}, names())
}

func TestModelsAreOfferedWithWhatTheyCanAndCostUntilTheyEnd(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker(), embedtest.Configured(func(c *embed.Config) { c.OpenAI.Model = "llama-de-casa" }))
	find := func(name string) *tertulia.AgentModel {
		list, err := s.Admin.Agents.Models(t.Context())
		require.NoError(t, err)
		for _, m := range list.Data {
			if m.Model == name {
				return &m
			}
		}
		return nil
	}
	luna := find("gpt-6-luna")
	require.True(t, luna.FileSearch && luna.StructuredOutputs && !luna.Temperature)
	require.Equal(t, []string{"evaluator"}, luna.DefaultOf)
	require.InDelta(t, 0.10, luna.PricePerMillion.Input, 1e-9)
	require.InDelta(t, 0.01, luna.PricePerMillion.CachedInput, 1e-9)
	require.InDelta(t, 0.50, luna.PricePerMillion.Output, 1e-9)
	gpt4o := find("gpt-4o")
	require.Equal(t, "2027-01-14", *gpt4o.ShutdownDate)
	require.Equal(t, "gpt-6-luna", *gpt4o.Successor)
	own := find("llama-de-casa")
	require.Equal(t, []string{"followup"}, own.DefaultOf, "an operator's own model is offered too")
	require.Nil(t, own.PricePerMillion)
	require.Nil(t, find("gpt-4.1-nano"), "it has ended")

	_, err := s.Admin.Agents.SetModel(t.Context(), general, "gpt-4o")
	require.NoError(t, err)
	s.Clock.Advance(60 * 24 * time.Hour)
	require.Nil(t, find("gpt-4o"))
	got, err := s.Admin.Agents.Get(t.Context(), general)
	require.NoError(t, err)
	require.Equal(t, "gpt-4o", *got.Model)
	require.Equal(t, "gpt-6-luna", got.EffectiveModel, "its successor answers")
}

func TestAnAgentWithFilesKeepsAModelThatCanSearchThem(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	_, err := s.Admin.Agents.SetModel(t.Context(), general, "gpt-5.4-nano")
	require.NoError(t, err)
	_, err = s.Admin.Agents.SetModel(t.Context(), general, "gpt-6-luna")
	require.NoError(t, err)
	s.Exec(t, "update agents set store_id = 'vs_1' where key = $1", general)
	_, err = s.Admin.Agents.SetModel(t.Context(), general, "gpt-5.4-nano")
	requireCode(t, err, http.StatusConflict, tertulia.CodeModelNoFileSearch)
}
