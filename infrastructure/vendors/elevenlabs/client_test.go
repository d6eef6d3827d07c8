package elevenlabs_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound/contracttest"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/elevenlabs"
)

type sent struct{ request, body, key string }

// fake answers every call with one answer, and keeps what was sent.
func fake(t *testing.T, status int, answer string, headers ...string) (*elevenlabs.Client, func() []sent) {
	t.Helper()
	var all []sent
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		all = append(all, sent{r.Method + " " + r.URL.RequestURI(), string(body), r.Header.Get("xi-api-key")})
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(srv.Close)
	return client(t, srv.URL, nil), func() []sent { return all }
}

func client(t testing.TB, base string, transport http.RoundTripper) *elevenlabs.Client {
	t.Helper()
	c, err := elevenlabs.New(elevenlabs.Options{BaseURL: base, APIKey: "sandbox-key", Transport: transport})
	require.NoError(t, err)
	return c
}

func asking() elevenlabs.Submission {
	return elevenlabs.Submission{
		CallName: `Campaña "A"`, AgentID: "agent_1", PhoneNumberID: "phnum_1",
		Recipients: []elevenlabs.Recipient{
			{ID: "r1", PhoneNumber: "+15550100001", ClientData: json.RawMessage(`{"dynamic_variables":{"nombre":"Juan"}}`)},
			{Raw: json.RawMessage(`{"phone_number":"+15550100002","extra":"x"}`)},
		},
	}
}

func TestASubmissionIsSentAsItWasMeant(t *testing.T) {
	t.Parallel()
	c, all := fake(t, 200, `{"id":"btcal_1","status":"pending","total_calls_scheduled":2,"retry_count":null,"new_key":{"a":1}}`)
	in := asking()
	in.ScheduledUnix, in.Timezone, in.TargetConcurrencyLimit = new(int64(1893456000)), "Europe/Madrid", new(5)
	in.Telephony = &elevenlabs.TelephonyConfig{RingingTimeoutSecs: 30}
	in.Extra = map[string]json.RawMessage{"branch_id": json.RawMessage(`null`), "zz": json.RawMessage(`[1]`), "agent_id": json.RawMessage(`"other"`)}
	b, err := c.Submit(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, "btcal_1", b.ID)
	require.Equal(t, 2, b.Scheduled)
	require.JSONEq(t, `{"id":"btcal_1","status":"pending","total_calls_scheduled":2,"retry_count":null,"new_key":{"a":1}}`, string(b.Raw))
	require.Len(t, all(), 1)
	require.Equal(t, "POST /v1/convai/batch-calling/submit", all()[0].request)
	require.Equal(t, "sandbox-key", all()[0].key)
	require.JSONEq(t, `{"call_name":"Campaña \"A\"","agent_id":"agent_1","agent_phone_number_id":"phnum_1","scheduled_time_unix":1893456000,
		"timezone":"Europe/Madrid","target_concurrency_limit":5,"telephony_call_config":{"ringing_timeout_secs":30,"twilio_call_recording_enabled":false},
		"branch_id":null,"zz":[1],"recipients":[
		{"id":"r1","phone_number":"+15550100001","conversation_initiation_client_data":{"dynamic_variables":{"nombre":"Juan"}}},
		{"phone_number":"+15550100002","extra":"x"}]}`, all()[0].body)
	require.Equal(t, 1, strings.Count(all()[0].body, `"agent_id"`))
}

func TestEveryRequestFitsTheVendorsOwnDocument(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"id":"btcal_1"}`) }))
	t.Cleanup(srv.Close)
	checker := contracttest.ElevenLabs(t, srv.URL)
	c := client(t, srv.URL, checker)
	in := asking()
	in.Telephony, in.ScheduledUnix = &elevenlabs.TelephonyConfig{RingingTimeoutSecs: 30}, new(int64(1))
	_, err := c.Submit(t.Context(), in)
	require.NoError(t, err)
	_, err = c.Get(t.Context(), "btcal_1")
	require.NoError(t, err)
	_, _, err = c.List(t.Context(), "btcal_1", 50)
	require.NoError(t, err)
	for _, change := range []func() error{
		func() error { _, err := c.Cancel(t.Context(), "btcal_1"); return err },
		func() error { _, err := c.Retry(t.Context(), "btcal_1"); return err },
		func() error { return c.Delete(t.Context(), "btcal_1") },
		func() error { _, err := c.Conversation(t.Context(), "conv_1"); return err },
		func() error { _, err := c.Agent(t.Context(), "agent_1"); return err },
		func() error { _, err := c.PhoneNumber(t.Context(), "phnum_1"); return err },
	} {
		require.NoError(t, change())
	}
	require.Equal(t, 9, checker.Checked())
}

func TestNoMalformedIdentifierIsEverSent(t *testing.T) {
	t.Parallel()
	c, all := fake(t, 200, `{}`)
	for _, id := range []string{"", ".", "..", "../user", "..%2F..%2Fuser", "a/b", "a%2fb", "a?b", "a\nb", "ñ", "workspace", "submit", strings.Repeat("a", 129)} {
		_, err := c.Get(t.Context(), id)
		require.ErrorIs(t, err, elevenlabs.ErrMalformedID, "%q", id)
		require.Equal(t, outbound.NotSent, outbound.OutcomeOf(err))
		_, err = c.Cancel(t.Context(), id)
		require.ErrorIs(t, err, elevenlabs.ErrMalformedID, "%q", id)
		require.ErrorIs(t, c.Delete(t.Context(), id), elevenlabs.ErrMalformedID)
		_, err = c.Conversation(t.Context(), id)
		require.ErrorIs(t, err, elevenlabs.ErrMalformedID)
	}
	require.Empty(t, all())
}

func TestASubmissionIsSentOnceWhateverIsAnswered(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 307, 308, 400, 408, 409, 429, 500, 502, 503, 504} {
		elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") }))
		t.Cleanup(elsewhere.Close)
		c, all := fake(t, status, `{"detail":"x"}`, "Location", elsewhere.URL, "Retry-After", "7")
		_, err := c.Submit(t.Context(), asking())
		require.Equal(t, status, outbound.StatusOf(err))
		require.Len(t, all(), 1)
		want := outbound.Refused
		if status >= 500 || status == 408 {
			want = outbound.Unknown
		}
		require.Equal(t, want, outbound.OutcomeOf(err), status)
	}
}

// A connection that dies under a request is what net/http would like to try again.
func TestASubmissionIsNotRepeatedOnAnotherConnection(t *testing.T) {
	t.Parallel()
	var arrived atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if arrived.Add(1); r.Method == http.MethodGet {
			_, _ = io.WriteString(w, `{"id":"btcal_1"}`)
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	}))
	t.Cleanup(srv.Close)
	c := client(t, srv.URL, nil)
	_, err := c.Get(t.Context(), "btcal_1") // leaves a connection to be used again
	require.NoError(t, err)
	_, err = c.Submit(t.Context(), asking())
	require.Equal(t, outbound.Unknown, outbound.OutcomeOf(err))
	require.Zero(t, outbound.StatusOf(err))
	require.EqualValues(t, 2, arrived.Load())
}

func TestALookIsNotRepeatedOnAnotherConnection(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); len(body) > 0 || r.ContentLength != 0 || len(r.TransferEncoding) > 0 {
			http.Error(w, "a look has no body", http.StatusBadRequest)
			return
		}
		if asked.Add(1) == 2 {
			panic(http.ErrAbortHandler) // on a connection that has been used before
		}
		_, _ = io.WriteString(w, `{"id":"btcal_1"}`)
	}))
	t.Cleanup(srv.Close)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	c := client(t, srv.URL, nil)
	_, err := c.Get(t.Context(), "btcal_1")
	require.NoError(t, err)
	_, err = c.Get(t.Context(), "btcal_1")
	require.Error(t, err)
	require.EqualValues(t, 2, asked.Load())
}

func TestWhereNobodyListensNothingWasSent(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, ln.Close())
	_, err = client(t, "http://"+ln.Addr().String(), nil).Submit(t.Context(), asking())
	require.Equal(t, outbound.NotSent, outbound.OutcomeOf(err))
}

func TestASilentProviderIsNotWaitedForForEver(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(srv.Close)
	t.Cleanup(func() { close(release) })
	c, err := elevenlabs.New(elevenlabs.Options{BaseURL: srv.URL, APIKey: "k", Timeout: 50 * time.Millisecond})
	require.NoError(t, err)
	_, err = c.Submit(t.Context(), asking())
	require.Equal(t, outbound.Unknown, outbound.OutcomeOf(err))
}

func TestTheStatusOfASuccessIsHandedOn(t *testing.T) {
	t.Parallel()
	c, _ := fake(t, http.StatusNoContent, "")
	b, err := c.Cancel(t.Context(), "btcal_1")
	require.NoError(t, err)
	require.Equal(t, http.StatusNoContent, b.HTTPStatus)
	_, err = c.Get(t.Context(), "btcal_1")
	require.Equal(t, http.StatusNoContent, outbound.StatusOf(err))
}

func TestASuccessThatIsNoBatchIsHandedOn(t *testing.T) {
	t.Parallel()
	for answer, raw := range map[string]string{"": `""`, "hello": `"hello"`, `[1,2]`: `[1,2]`, `"x"`: `"x"`, `{"id":5}`: `{"id":5}`, `<html>`: `"\u003chtml\u003e"`} {
		c, _ := fake(t, 200, answer)
		b, err := c.Submit(t.Context(), asking())
		require.NoError(t, err, answer)
		require.Empty(t, b.ID)
		require.Equal(t, raw, string(b.Raw))
		_, err = c.Get(t.Context(), "btcal_1")
		if answer == `{"id":5}` {
			require.NoError(t, err, "a field of another type is nothing")
		} else {
			require.Error(t, err, answer)
		}
	}
}

func TestARefusalIsExplained(t *testing.T) {
	t.Parallel()
	long := make([]string, 25)
	for i := range long {
		long[i] = `{"loc":["body","recipients",` + fmt.Sprint(i) + `],"msg":"bad"}`
	}
	for body, want := range map[string][2]string{
		`{"detail":{"type":"t","code":"quota_exceeded","message":"No credits","status":"old","request_id":"r","param":null}}`: {"quota_exceeded", "No credits"},
		`{"detail":{"status":"invalid_api_key","message":"Invalid API key"}}`:                                                 {"invalid_api_key", "Invalid API key"},
		`{"detail":{"a":1}}`:            {"", `{"a":1}`},
		`{"detail":"Not Found"}`:        {"", "Not Found"},
		`{"detail":5}`:                  {"", "5"},
		`{"detail":null,"message":"m"}`: {"", "m"},
		`{"message":"m"}`:               {"", "m"},
		`{ "error": {"code": 1} }`:      {"", `{"error":{"code":1}}`},
		`<html>Bad gateway</html>`:      {"", "<html>Bad gateway</html>"},
		``:                              {"", ""},
		`"text"`:                        {"", "text"},
		`{"detail":[]}`:                 {"validation_error", "[]"},
		`{"detail":[` + strings.Join(long, ",") + `]}`: {"validation_error", "recipients[0]: bad"},
		`{"detail":[{"type":"missing","loc":["body","recipients",0,"phone_number"],"msg":"Field required","input":{"secret":"+15550100001"}},{"loc":["body","call_name"],"msg":"Field required"}]}`: {
			"validation_error", "recipients[0].phone_number: Field required; call_name: Field required",
		},
	} {
		c, _ := fake(t, 422, body, "Retry-After", "7")
		_, err := c.Submit(t.Context(), asking())
		var e *outbound.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, want[0], e.Code, body)
		if len(body) > 1000 {
			require.True(t, strings.HasPrefix(e.Message, want[1]) && strings.HasSuffix(e.Message, "and 5 more"), e.Message)
		} else {
			require.Equal(t, want[1], e.Message, body)
		}
		require.Equal(t, 7*time.Second, e.RetryAfter)
		require.NotContains(t, err.Error(), "+1555")
	}
}

func TestAnErrorNamesNoPhoneAndNoKey(t *testing.T) {
	t.Parallel()
	c, _ := fake(t, 400, `{"detail":"the number +15550100001 of Juan is no good, sandbox-key"}`)
	_, err := c.Submit(t.Context(), asking())
	for _, canary := range []string{"+1555", "Juan", "sandbox-key"} {
		require.NotContains(t, err.Error(), canary)
	}
}
