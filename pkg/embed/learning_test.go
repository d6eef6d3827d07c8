package embed_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// classroom is a system with an analysed meeting of Rep's, whose evaluator learns.
type classroom struct {
	*knowledge

	meeting   string
	analysis  tertulia.VoteRef
	evaluator string
}

func newClassroom(t *testing.T) *classroom {
	t.Helper()
	c := &classroom{knowledge: newKnowledge(t)}
	c.meeting = c.Scheduled(t, embedtest.Talk())
	detail := c.Until(t, c.meeting, tertulia.Completed)
	c.analysis = tertulia.VoteRef{Source: "analysis", SourceRef: detail.Analyses[0].ID}
	return c
}

// dislike votes on the analysis with a correction, and returns the correction's ID.
func (c *classroom) dislike(by *tertulia.Client, correction string) string {
	c.t.Helper()
	f, err := by.Agents.Vote(c.t.Context(), c.meeting, tertulia.VoteRequest{
		Source: c.analysis.Source, SourceRef: c.analysis.SourceRef, Vote: "dislike", Correction: correction,
	})
	require.NoError(c.t, err)
	c.evaluator = f.Agent
	return f.ID
}

func (c *classroom) approve(id, lesson string) {
	c.t.Helper()
	_, err := c.Admin.Agents.ReviewCorrection(c.t.Context(), id, tertulia.ReviewCorrectionRequest{Status: "approved", LessonText: lesson, PIIChecked: true})
	require.NoError(c.t, err)
}

// lessons is what can be searched of the evaluator's lessons at the provider, once there is one file of them on both sides.
func (c *classroom) lessons() string {
	c.t.Helper()
	var id string
	c.eventually(func() bool {
		files := c.files(c.evaluator).Data
		remote := c.remote()
		if len(files) != 1 || len(remote) != 1 || files[0].Status != "completed" {
			return false
		}
		require.Equal(c.t, "lecciones.md", files[0].Filename)
		require.True(c.t, files[0].Generated)
		id = remote[0].ID
		return true
	}, "one file of lessons")
	return c.remoteText(id)
}

// remoteText is what the provider's stores have of a file.
func (c *classroom) remoteText(file string) string {
	c.t.Helper()
	stores, err := c.provider.Stores(c.t.Context(), nil)
	require.NoError(c.t, err)
	var text strings.Builder
	for _, s := range stores {
		req, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.Sandbox.URL("openai")+"/v1/vector_stores/"+s.ID+"/files/"+file+"/content", nil)
		require.NoError(c.t, err)
		req.Header.Set("Authorization", "Bearer "+sandboxtest.Key)
		resp, err := http.DefaultClient.Do(req)
		require.NoError(c.t, err)
		raw, err := io.ReadAll(resp.Body)
		require.NoError(c.t, err)
		require.NoError(c.t, resp.Body.Close())
		text.Write(raw)
	}
	return text.String()
}

// analyses are the bodies of what models were asked.
func (c *classroom) analyses() []string {
	var bodies []string
	for _, r := range c.Sandbox.Matching("openai", "POST /v1/responses") {
		bodies = append(bodies, r.Body)
	}
	return bodies
}

func TestTheOwnChatsAnswersCanBeVotedOn(t *testing.T) {
	t.Parallel()
	c := newClassroom(t)
	var answer string
	for frame, err := range c.Rep.Agents.Ask(t.Context(), c.meeting, assistant, "¿Qué compromisos quedaron pendientes?") {
		require.NoError(t, err)
		answer = frame.MessageID
	}
	vote := tertulia.VoteRequest{Source: "chat", SourceRef: answer, Vote: "dislike", Correction: "Quedó uno más"}
	f, err := c.Rep.Agents.Vote(t.Context(), c.meeting, vote)
	require.NoError(t, err)
	require.Equal(t, assistant, f.Agent)
	_, err = c.Admin.Agents.Vote(t.Context(), c.meeting, vote)
	requireCode(t, err, http.StatusNotFound, tertulia.CodeAnswerNotFound) // somebody else's chat
	_, err = c.Rep.Agents.Reset(t.Context(), c.meeting, assistant)
	require.NoError(t, err)
	queue, err := c.Admin.Agents.Corrections(t.Context(), tertulia.CorrectionFilter{})
	require.NoError(t, err)
	require.Len(t, queue.Data, 1)
	require.Equal(t, "¿Qué compromisos quedaron pendientes?", *queue.Data[0].Question, "it outlives the chat")
	require.NotEmpty(t, queue.Data[0].Answer)
}

func TestAVoteIsChangedAndTakenBack(t *testing.T) {
	t.Parallel()
	c := newClassroom(t)
	ctx := t.Context()
	first := c.dislike(c.Rep, "Fue al revés")
	liked, err := c.Rep.Agents.Vote(ctx, c.meeting, tertulia.VoteRequest{Source: "analysis", SourceRef: c.analysis.SourceRef, Vote: "like", Correction: "sobra"})
	require.NoError(t, err)
	require.Equal(t, first, liked.ID)
	require.Nil(t, liked.Correction)
	require.True(t, strings.HasPrefix(liked.Agent, "evaluador_"), liked.Agent)
	mine, err := c.Rep.Agents.MyVotes(ctx, c.meeting)
	require.NoError(t, err)
	require.Equal(t, []tertulia.AgentFeedback{liked}, mine.Data)
	others, err := c.Admin.Agents.MyVotes(ctx, c.meeting)
	require.NoError(t, err)
	require.Empty(t, others.Data)
	queue, err := c.Admin.Agents.Corrections(ctx, tertulia.CorrectionFilter{})
	require.NoError(t, err)
	require.Empty(t, queue.Data, "a like corrects nothing")

	for range 2 {
		require.NoError(t, c.Rep.Agents.WithdrawVote(ctx, c.meeting, c.analysis))
	}
	mine, err = c.Rep.Agents.MyVotes(ctx, c.meeting)
	require.NoError(t, err)
	require.Empty(t, mine.Data)
}

func TestOnlyWhatOneSeesCanBeVotedOn(t *testing.T) {
	t.Parallel()
	c := newClassroom(t)
	vote := tertulia.VoteRequest{Source: "analysis", SourceRef: c.analysis.SourceRef, Vote: "like"}
	_, err := c.OtherRep.Agents.Vote(t.Context(), c.meeting, vote)
	requireCode(t, err, http.StatusForbidden, tertulia.CodeForbidden)
	_, err = c.Other.Agents.Vote(t.Context(), c.meeting, vote)
	requireCode(t, err, http.StatusNotFound, tertulia.CodeMeetingNotFound)
	err = c.OtherRep.Agents.WithdrawVote(t.Context(), c.meeting, c.analysis)
	requireCode(t, err, http.StatusForbidden, tertulia.CodeForbidden)
	vote.SourceRef = "0193d2a4-7b1e-7c3a-9f00-5a6b7c8d9e0f"
	_, err = c.Rep.Agents.Vote(t.Context(), c.meeting, vote)
	requireCode(t, err, http.StatusNotFound, tertulia.CodeAnswerNotFound)
	for field, bad := range map[string]tertulia.VoteRequest{
		"source":     {Source: "mail", SourceRef: vote.SourceRef, Vote: "like"},
		"source_ref": {Source: "chat", SourceRef: "x", Vote: "like"},
		"vote":       {Source: "chat", SourceRef: vote.SourceRef, Vote: "meh"},
		"correction": {Source: "chat", SourceRef: vote.SourceRef, Vote: "dislike", Correction: strings.Repeat("a", 2001)},
	} {
		_, err := c.Rep.Agents.Vote(t.Context(), c.meeting, bad)
		requireField(t, err, field)
	}
}

// requireField asks for a validation error that names one field.
func requireField(t *testing.T, err error, field string) {
	t.Helper()
	requireCode(t, err, http.StatusBadRequest, tertulia.CodeValidation)
	var refused *tertulia.APIError
	require.ErrorAs(t, err, &refused)
	require.Len(t, refused.Details, 1)
	require.Equal(t, field, strings.TrimPrefix(refused.Details[0].Field, "body."))
}

func TestACorrectionBecomesALessonThatTheAgentFinds(t *testing.T) {
	t.Parallel()
	c := newClassroom(t)
	ctx := t.Context()
	id := c.dislike(c.Rep, "Ana no prometió nada")
	queue, err := c.Admin.Agents.Corrections(ctx, tertulia.CorrectionFilter{Status: "pending"})
	require.NoError(t, err)
	require.Len(t, queue.Data, 1)
	require.Equal(t, "Ana no prometió nada", queue.Data[0].Correction)
	require.NotEmpty(t, queue.Data[0].Answer)
	require.Equal(t, embedtest.RepEmail, queue.Data[0].Author.Email)
	require.Equal(t, c.evaluator, queue.Data[0].AgentKey)

	approval := tertulia.ReviewCorrectionRequest{Status: "approved", LessonText: "Los compromisos son de quien los dice.", PIIChecked: true}
	for field, spoil := range map[string]func(*tertulia.ReviewCorrectionRequest){
		"status":      func(r *tertulia.ReviewCorrectionRequest) { r.Status = "pending" },
		"pii_checked": func(r *tertulia.ReviewCorrectionRequest) { r.PIIChecked = false },
	} {
		bad := approval
		spoil(&bad)
		_, err := c.Admin.Agents.ReviewCorrection(ctx, id, bad)
		requireField(t, err, field)
	}
	for _, lesson := range []string{"", " ", "Escribe a pedro@valle.example", "Llama al 81 8340 1234", "A Pedro García no se le promete", strings.Repeat("a", 1001)} {
		bad := approval
		bad.LessonText = lesson
		_, err := c.Admin.Agents.ReviewCorrection(ctx, id, bad)
		requireField(t, err, "lesson_text")
	}
	reviewed, err := c.Admin.Agents.ReviewCorrection(ctx, id, approval)
	require.NoError(t, err)
	require.Equal(t, "approved", reviewed.Status)
	require.NotNil(t, reviewed.ReviewedBy)
	again, err := c.Admin.Agents.ReviewCorrection(ctx, id, approval)
	require.NoError(t, err)
	require.Equal(t, reviewed, again, "the same decision again is no other one")
	approval.LessonText = "Otra cosa."
	_, err = c.Admin.Agents.ReviewCorrection(ctx, id, approval)
	requireCode(t, err, http.StatusConflict, tertulia.CodeAlreadyReviewed)
	require.Contains(t, c.lessons(), "Los compromisos son de quien los dice.")

	err = c.Rep.Agents.WithdrawVote(ctx, c.meeting, c.analysis)
	requireCode(t, err, http.StatusConflict, tertulia.CodeAlreadyReviewed)
	_, err = c.Rep.Agents.Vote(ctx, c.meeting, tertulia.VoteRequest{Source: "analysis", SourceRef: c.analysis.SourceRef, Vote: "like"})
	requireCode(t, err, http.StatusConflict, tertulia.CodeAlreadyReviewed)
	c.WaitFor(t, "the author is told", func() bool {
		list, err := c.Rep.Notifications.List(ctx)
		require.NoError(t, err)
		for _, n := range list.Data {
			if n.Type == "correction_reviewed" && *n.MeetingID == c.meeting {
				return true
			}
		}
		return false
	})
	err = c.Admin.Agents.RemoveFile(ctx, c.evaluator, c.files(c.evaluator).Data[0].ID)
	requireCode(t, err, http.StatusConflict, tertulia.CodeFileIsGenerated)

	before := len(c.analyses())
	_, err = c.Rep.Meetings.Reanalyze(ctx, c.meeting, tertulia.ReanalyzeRequest{})
	require.NoError(t, err)
	c.WaitFor(t, "the meeting is judged again, with the lessons at hand", func() bool {
		asked := c.analyses()
		return len(asked) > before && strings.Contains(asked[len(asked)-1], `"type":"file_search"`)
	})
}

func TestTwoApprovalsAtOnceEndWithBothLessonsInOneFile(t *testing.T) {
	t.Parallel()
	c := newClassroom(t)
	// The first upload is slow, so that the second approval finds the first one's file on its way.
	c.Sandbox.Fault(sandboxtest.Fault{Vendor: "openai", Method: "POST", Path: "/v1/files$", Times: 1, DelayMs: 400})
	ids := map[string]string{
		c.dislike(c.Rep, "uno"): "Primera lección.", c.dislike(c.Admin, "dos"): "Segunda lección.",
	}
	var both sync.WaitGroup
	for id, lesson := range ids {
		both.Go(func() {
			_, err := c.Admin.Agents.ReviewCorrection(t.Context(), id, tertulia.ReviewCorrectionRequest{Status: "approved", LessonText: lesson, PIIChecked: true})
			if err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	c.eventually(func() bool {
		text := c.lessons()
		return strings.Contains(text, "Primera lección.") && strings.Contains(text, "Segunda lección.")
	}, "both lessons in one file")
}

func TestALessonIsTakenBackAndTheNewFileComesBeforeTheOldOneGoes(t *testing.T) {
	t.Parallel()
	c := newClassroom(t)
	first, second := c.dislike(c.Rep, "uno"), c.dislike(c.Admin, "dos")
	c.approve(first, "Primera lección.")
	require.Contains(t, c.lessons(), "Primera lección.")
	c.Sandbox.Control("POST", "/openai/stores", map[string]any{"processingMs": 700}, nil)
	c.approve(second, "Segunda lección.")
	c.WaitFor(t, "the new file is on its way", func() bool { return len(c.remote()) == 2 })
	c.WaitFor(t, "one is left", func() bool {
		ready := 0
		for _, f := range c.files(c.evaluator).Data {
			if f.Status == "completed" {
				ready++
			}
		}
		require.Positive(t, ready, "there are always lessons to be found")
		return len(c.remote()) == 1
	})
	text := c.lessons()
	require.Less(t, strings.Index(text, "Segunda"), strings.Index(text, "Primera"), "newest first")

	for _, id := range []string{first, second} {
		taken, err := c.Admin.Agents.ReviewCorrection(t.Context(), id, tertulia.ReviewCorrectionRequest{Status: "rejected", Reason: "ya no aplica"})
		require.NoError(t, err)
		require.Nil(t, taken.LessonText)
		if id == first {
			c.eventually(func() bool { return !strings.Contains(c.lessons(), "Primera") }, "only the second is left")
		}
	}
	c.nothingIsLeft()
}

func TestLessonsOutliveAnOutageOfTheProvider(t *testing.T) {
	t.Parallel()
	c := newClassroom(t)
	id := c.dislike(c.Rep, "uno")
	c.Sandbox.Fault(sandboxtest.Fault{Vendor: "openai", Method: "POST", Path: "/v1/files$", Times: 2, Status: 503})
	c.Sandbox.Fault(sandboxtest.Fault{Vendor: "openai", Method: "POST", Path: "/v1/vector_stores$", Times: 1, Drop: "after"})
	c.approve(id, "Una lección.")
	require.Contains(t, c.lessons(), "Una lección.")
}
