package elevenlabs_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound/contracttest"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/infrastructure/signature"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/elevenlabs"
)

func sandboxed(t *testing.T) (*elevenlabs.Client, *sandboxtest.Running) {
	t.Helper()
	s := sandboxtest.Start(t)
	return client(t, s.URL("elevenlabs"), contracttest.ElevenLabs(t, s.URL("elevenlabs"))), s
}

// dialled is how often the double used its phone line, by number.
func dialled(s *sandboxtest.Running) map[string]int {
	times := map[string]int{}
	for _, use := range s.Dialled() {
		times[use.PhoneNumber]++
	}
	return times
}

// finished waits for the end of a batch.
func finished(t *testing.T, c *elevenlabs.Client, id string) elevenlabs.BatchCallDetail {
	t.Helper()
	var b elevenlabs.BatchCallDetail
	require.Eventually(t, func() bool {
		var err error
		b, err = c.Get(t.Context(), id)
		return err == nil && b.IsOver()
	}, 10*time.Second, 10*time.Millisecond)
	return b
}

func TestABatchIsCalledInTheSandbox(t *testing.T) {
	t.Parallel()
	c, _ := sandboxed(t)
	made, err := c.Submit(t.Context(), asking())
	require.NoError(t, err)
	require.Regexp(t, `^btcal_`, made.ID)
	require.Equal(t, elevenlabs.Pending, made.Status)
	require.Equal(t, "twilio", made.PhoneProvider)

	b := finished(t, c, made.ID)
	require.Equal(t, elevenlabs.Completed, b.Status)
	require.Equal(t, 2, b.Finished)
	require.Len(t, b.Recipients, 2)
	require.Equal(t, "r1", b.Recipients[0].ID)
	require.Equal(t, elevenlabs.Completed, b.Recipients[0].Status)
	var head map[string]any
	require.NoError(t, json.Unmarshal(b.Head(), &head))
	require.Contains(t, head, "target_concurrency_limit")
	require.NotContains(t, head, "recipients")

	talk, err := c.Conversation(t.Context(), b.Recipients[0].ConversationID)
	require.NoError(t, err)
	require.Equal(t, made.ID, talk.Metadata.BatchCall.ID)
	require.Equal(t, "r1", talk.Metadata.BatchCall.RecipientID)
	require.Equal(t, "+15550100001", talk.Metadata.PhoneCall.ExternalNumber)
	require.Equal(t, 20, talk.Metadata.DurationSecs)

	_, err = c.Cancel(t.Context(), made.ID)
	require.Equal(t, http.StatusBadRequest, outbound.StatusOf(err))
	require.NoError(t, c.Delete(t.Context(), made.ID))
	_, err = c.Get(t.Context(), made.ID)
	require.True(t, elevenlabs.IsNotFound(err), err)
}

func TestABatchWhoseAnswerWasLostIsFoundInTheList(t *testing.T) {
	t.Parallel()
	c, s := sandboxed(t)
	s.Fault(sandboxtest.Fault{Vendor: "elevenlabs", Method: "POST", Path: "/v1/convai/batch-calling/submit", Drop: "after"})
	in := asking()
	in.CallName = "Campaña [7f3a]"
	_, err := c.Submit(t.Context(), in)
	require.Equal(t, outbound.Unknown, outbound.OutcomeOf(err))
	require.Equal(t, 1, s.Calls("elevenlabs", "POST /v1/convai/batch-calling/submit"))

	found, next, err := c.List(t.Context(), "", 100)
	require.NoError(t, err)
	require.Empty(t, next)
	require.Len(t, found, 1)
	require.Equal(t, in.CallName, found[0].Name)
	finished(t, c, found[0].ID)
	require.Equal(t, map[string]int{"+15550100001": 1, "+15550100002": 1}, dialled(s))
}

func TestTheListIsReadPageAfterPage(t *testing.T) {
	t.Parallel()
	c, _ := sandboxed(t)
	want := map[string]bool{}
	for range 5 {
		b, err := c.Submit(t.Context(), asking())
		require.NoError(t, err)
		want[b.ID] = true
	}
	cursor, pages := "", 0
	for more := true; more; more = cursor != "" {
		page, next, err := c.List(t.Context(), cursor, 2)
		require.NoError(t, err)
		for _, b := range page {
			require.True(t, want[b.ID], "twice or unknown")
			delete(want, b.ID)
		}
		cursor, pages = next, pages+1
	}
	require.Empty(t, want)
	require.Equal(t, 3, pages)
}

func TestTheSandboxRefusesAsTheVendorDoes(t *testing.T) {
	t.Parallel()
	c, s := sandboxed(t)
	for _, shape := range []string{"full", "legacy"} {
		s.Control("POST", "/elevenlabs/settings", map[string]any{"agreementRequired": true, "errorShape": shape}, nil)
		_, err := c.Submit(t.Context(), asking())
		require.True(t, elevenlabs.IsAgreementRequired(err), err)
		require.Equal(t, outbound.Refused, outbound.OutcomeOf(err))
	}
	wrong, err := elevenlabs.New(elevenlabs.Options{BaseURL: s.URL("elevenlabs"), APIKey: "live"})
	require.NoError(t, err)
	_, err = wrong.Submit(t.Context(), asking())
	require.Equal(t, http.StatusUnauthorized, outbound.StatusOf(err))
}

func TestAnAgentTellsWhatItsRecipientsNeed(t *testing.T) {
	t.Parallel()
	c, s := sandboxed(t)
	s.Control("PUT", "/elevenlabs/agent", map[string]any{
		"agent_id": "agent_7", "name": "Cobros", "first_message": "Hola {{ nombre }}", "prompt": "{{monto}} {{system__time}} {{ciudad}}",
		"placeholders": map[string]any{"ciudad": "Lima"}, "overrides": []string{"language", "prompt"}, "concurrency_limit": 4,
	}, nil)
	a, err := c.Agent(t.Context(), "agent_7")
	require.NoError(t, err)
	require.Equal(t, "Cobros", a.Name)
	require.Equal(t, []string{"monto", "nombre"}, a.RequiredVariables())
	require.Equal(t, []string{"language", "system_prompt"}, a.Overrides())
	require.Equal(t, 4, a.Platform.Limits.Concurrency)
	require.True(t, a.Platform.Limits.Bursting)

	s.Control("PUT", "/elevenlabs/number", map[string]any{"phone_number_id": "phnum_7", "provider": "sip_trunk"}, nil)
	n, err := c.PhoneNumber(t.Context(), "phnum_7")
	require.NoError(t, err)
	require.Equal(t, "sip_trunk", n.Provider)
}

func TestTheSandboxesWebhooksAreVerifiedAndRead(t *testing.T) {
	t.Parallel()
	c, s := sandboxed(t)
	events := make(chan elevenlabs.Event, 10)
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if err := elevenlabs.VerifyWebhook(sandboxtest.Secret, r.Header.Get(elevenlabs.SignatureHeader), body, time.Now()); err != nil {
			t.Error(err)
		}
		if err := elevenlabs.VerifyWebhook("another", r.Header.Get(elevenlabs.SignatureHeader), body, time.Now()); err == nil {
			t.Error("another secret verifies")
		}
		e, err := elevenlabs.ReadEvent(body)
		if err != nil {
			t.Error(err)
		}
		events <- e
	}))
	t.Cleanup(srv.Close)
	s.CallWebhooks(srv.URL)
	s.ScriptCalls(sandboxtest.CallScript{
		Outcomes: map[string]sandboxtest.Outcomes{"+15550100002": {"busy"}}, Webhooks: sandboxtest.CallHooks{Audio: true},
	})
	made, err := c.Submit(t.Context(), asking())
	require.NoError(t, err)
	byType := map[string]elevenlabs.Event{}
	for range 3 {
		e := <-events
		byType[e.Type] = e
	}
	b := finished(t, c, made.ID)
	talk := byType[elevenlabs.PostCallTranscription]
	require.Equal(t, b.Recipients[0].ConversationID, talk.ConversationID)
	require.Equal(t, "r1", talk.Conversation.Metadata.BatchCall.RecipientID)
	require.Equal(t, "success", talk.Conversation.Analysis.CallSuccessful)
	require.NotEmpty(t, talk.Conversation.Transcript)
	require.Equal(t, talk.ConversationID, byType[elevenlabs.PostCallAudio].ConversationID)
	failure := byType[elevenlabs.CallInitiationFailure]
	require.Equal(t, b.Recipients[1].ConversationID, failure.ConversationID)
	require.Equal(t, "busy", failure.Failure.Reason)
	require.Equal(t, "twilio", failure.Failure.Metadata.Type)
}

func TestAnOldWebhookIsStale(t *testing.T) {
	t.Parallel()
	now := time.Unix(1739537297, 0).Add(30*time.Minute + time.Second)
	err := elevenlabs.VerifyWebhook("s", "t=1739537297,v0=00", nil, now)
	require.ErrorIs(t, err, signature.ErrStale)
	_, err = elevenlabs.ReadEvent([]byte(`{"data":{}}`))
	require.Error(t, err)
	_, err = elevenlabs.ReadEvent([]byte(`{"type":"post_call_transcription","data":{}}`))
	require.Error(t, err)
	e, err := elevenlabs.ReadEvent([]byte(`{"type":"something_new","event_timestamp":1739537297,"data":{"conversation_id":"c"}}`))
	require.NoError(t, err)
	require.Equal(t, "c", e.ConversationID)
}

// many is a submission as the largest that the vendor takes: 180 bytes a recipient.
func many() elevenlabs.Submission {
	in := asking()
	in.Recipients = make([]elevenlabs.Recipient, elevenlabs.MaxRecipients)
	for i := range in.Recipients {
		in.Recipients[i] = elevenlabs.Recipient{
			ID: fmt.Sprintf("0193d2a4-7c1e-7000-8000-%012d", i), PhoneNumber: fmt.Sprintf("+1555%07d", i),
			ClientData: json.RawMessage(`{"dynamic_variables":{"nombre":"Juan","monto":299.99,"empresa":"Del Valle"}}`),
		}
	}
	return in
}

// BenchmarkSubmitTenThousand counts the processor time of the whole process, the reading of the body included.
func BenchmarkSubmitTenThousand(b *testing.B) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, `{"id":"btcal_1"}`)
	}))
	b.Cleanup(srv.Close)
	c, in := client(b, srv.URL, nil), many()
	began := cpu()
	for b.Loop() {
		if _, err := c.Submit(b.Context(), in); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((cpu()-began).Microseconds())/1000/float64(b.N), "cpu-ms/op")
	runtime.KeepAlive(in)
}

func BenchmarkGetTenThousand(b *testing.B) {
	s := sandboxtest.Start(b)
	c := client(b, s.URL("elevenlabs"), nil)
	made, err := c.Submit(b.Context(), many())
	require.NoError(b, err)
	for {
		if d, err := c.Get(b.Context(), made.ID); err == nil && d.IsOver() {
			break
		}
	}
	began := cpu()
	for b.Loop() {
		if d, err := c.Get(b.Context(), made.ID); err != nil || len(d.Recipients) != elevenlabs.MaxRecipients {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((cpu()-began).Microseconds())/1000/float64(b.N), "cpu-ms/op")
}

func cpu() time.Duration {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
