package httpserver_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
)

// codeOf keeps test tables short.
type codeOf = fault.Code

func TestEveryKindHasItsStatus(t *testing.T) {
	t.Parallel()
	for kind, status := range map[fault.Kind]int{
		fault.Invalid: 400, fault.Unauthenticated: 401, fault.PaymentRequired: 402, fault.Forbidden: 403,
		fault.NotFound: 404, fault.Conflict: 409, fault.Gone: 410, fault.TooLarge: 413, fault.RateLimited: 429,
		fault.Internal: 500, fault.Upstream: 502, fault.Unavailable: 503,
	} {
		e := newEdge(t)
		e.failing(fmt.Errorf("do the thing: %w", fault.New(kind, "SOME_CODE")))
		got := e.call(t, "GET", "/fail", "")
		require.Equal(t, status, got.status, kind.String())
		require.Equal(t, "SOME_CODE", got.error.Code)
		require.NotEmpty(t, got.error.Error, "a code without a sentence has its kind's")
		require.NotEmpty(t, got.error.RequestID)
		require.Equal(t, got.header.Get("X-Request-Id"), got.error.RequestID)
	}
}

func TestTheSentenceIsInTheCallersLanguage(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	e.failing(fault.New(fault.NotFound, "MEETING_NOT_FOUND"))
	for accept, sentence := range map[string]string{
		"":                          "La reunión no existe.",
		"en-GB,en;q=0.8":            "The meeting does not exist.",
		"pt-BR":                     "A reunião não existe.",
		"de;q=1, pt;q=0.5":          "A reunião não existe.",
		"zz, \x00 not a language ;": "La reunión no existe.",
	} {
		require.Equal(t, sentence, e.call(t, "GET", "/fail", "", "Accept-Language", accept).error.Error, accept)
	}
}

func TestTheCauseIsLoggedAndNeverAnswered(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	e.failing(fault.Wrap(fault.Upstream, "RECALL_ERROR", errors.New("cause-of-it-all")))
	got := e.call(t, "GET", "/fail", "")
	require.Equal(t, 502, got.status)
	require.NotContains(t, got.text, "cause-of-it-all")
	require.Contains(t, e.log.String(), "cause-of-it-all")

	e = newEdge(t)
	e.failing(errors.New("cause-of-it-all"))
	got = e.call(t, "GET", "/fail", "")
	require.Equal(t, 500, got.status)
	require.Equal(t, "INTERNAL_ERROR", got.error.Code)
	require.NotContains(t, got.text, "cause-of-it-all")
}

func TestADeadlineThatPassedIsUnavailable(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	e.failing(fmt.Errorf("read: %w", context.DeadlineExceeded))
	require.Equal(t, 503, e.call(t, "GET", "/fail", "").status)
}

func TestARateLimitSaysWhenToComeBack(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	e.failing(fault.New(fault.RateLimited, fault.RateLimitedCode).With("retryAfter", "7"))
	got := e.call(t, "GET", "/fail", "")
	require.Equal(t, 429, got.status)
	require.Equal(t, "7", got.header.Get("Retry-After"))
}

func TestWrongFieldsAreNamedInTheCallersLanguageWithoutTheirValues(t *testing.T) {
	t.Parallel()
	body := `{"title":"way-too-private","email":"not-private","customer":{}}`
	got := newEdge(t).call(t, "POST", "/api/things/1?days=400", body,
		"Authorization", "Bearer rep", "Accept-Language", "en")
	require.Equal(t, 400, got.status)
	require.Equal(t, "VALIDATION_ERROR", got.error.Code)
	require.ElementsMatch(t, []httpserver.Detail{
		{Field: "days", Message: "It must be at most 90."},
		{Field: "title", Message: "It must have at most 5 characters."},
		{Field: "email", Message: "It must be a valid e-mail address."},
		{Field: "customer.contactName", Message: "It is required."},
	}, got.error.Details)
	require.NotContains(t, got.text, "private")
	require.Equal(t, "application/json", got.header.Get("Content-Type"))
}

func TestFieldsOfAFaultAreRenderedAlike(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	var f fault.Fields
	f.Add("scheduledAt", fault.OffsetRequired)
	f.Add("meetingType", fault.OneOf, "allowed", "ventas, general")
	e.failing(f.Err())
	got := e.call(t, "GET", "/fail", "")
	require.Equal(t, 400, got.status)
	require.Equal(t, "scheduledAt", got.error.Details[0].Field)
	require.Equal(t, "Debe ser uno de: ventas, general.", got.error.Details[1].Message)
}

func TestWhatIsNotAnOperationIsAnsweredInTheEnvelope(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	for _, c := range []struct {
		method, path, body, contentType, code string
		status                                int
	}{
		{"GET", "/nowhere", "", "", "NOT_FOUND", 404},
		{"PUT", "/api/things", "", "", "METHOD_NOT_ALLOWED", 405},
		{"POST", "/api/things/1", "{", "application/json", "VALIDATION_ERROR", 400},
		{"POST", "/api/things/1", "", "", "VALIDATION_ERROR", 400},
		{"POST", "/api/things/1", "a=b", "application/x-www-form-urlencoded", "UNSUPPORTED_MEDIA_TYPE", 415},
	} {
		got := e.call(t, c.method, c.path, c.body, "Authorization", "Bearer rep", "Content-Type", c.contentType)
		require.Equal(t, c.status, got.status, "%s %s: %s", c.method, c.path, got.text)
		require.Equal(t, c.code, got.error.Code)
		require.NotEmpty(t, got.error.Error)
	}
}

func TestUnknownFieldsAndParametersAreIgnored(t *testing.T) {
	t.Parallel()
	body := `{"title":"abc","customer":{"contactName":"Ana","new":1},"newer":{"a":[]}}`
	got := newEdge(t).call(t, "POST", "/api/things/1?unknown=1", body, "Authorization", "Bearer rep")
	require.Equal(t, 201, got.status, got.text)
}

func TestAPrefixMayHaveAnEnvelopeOfItsOwn(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	e.api.RegisterEnvelope("/legacy", func(f httpserver.Failure) (int, any) {
		return f.Status + 1, map[string]string{"message": f.Envelope.Error}
	})
	httpserver.Get(e.api, "/legacy/typed", httpserver.Spec{ID: "typed", Credential: httpserver.Public},
		func(context.Context, *struct{}) (*struct{}, error) {
			return nil, fault.New(fault.NotFound, fault.NotFoundCode)
		})
	httpserver.Raw(e.api, "GET", "/legacy/raw", httpserver.Spec{ID: "raw", Credential: httpserver.Public}, nil,
		func(echo.Context) error { return fault.New(fault.NotFound, fault.NotFoundCode) })
	httpserver.Get(e.api, "/legacy/checked", httpserver.Spec{ID: "checked", Credential: httpserver.Public},
		func(context.Context, *struct {
			Days int `query:"days" required:"true"`
		},
		) (*struct{}, error) {
			return nil, nil
		})
	got := e.call(t, "GET", "/legacy/checked", "")
	require.Equal(t, 401, got.status)
	require.Equal(t, map[string]any{"message": "Los datos enviados no son válidos."}, got.body)
	for _, path := range []string{"/legacy/typed", "/legacy/raw", "/legacy/nowhere"} {
		got := e.call(t, "GET", path, "")
		require.Equal(t, 405, got.status, path)
		require.Equal(t, map[string]any{"message": "No existe."}, got.body)
	}
	require.Equal(t, "NOT_FOUND", e.call(t, "GET", "/legacyhood", "").error.Code, "that is not below it")
}

func TestAPanicIsAnInternalErrorAndItsValueStaysPrivate(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	httpserver.Get(e.api, "/panic", httpserver.Spec{ID: "panic", Credential: httpserver.Public},
		func(context.Context, *struct{}) (*struct{}, error) { panic("canary-value") })
	got := e.call(t, "GET", "/panic", "")
	require.Equal(t, 500, got.status)
	require.Equal(t, "INTERNAL_ERROR", got.error.Code)
	require.NotContains(t, got.text+e.log.String(), "canary-value")
	require.Contains(t, e.log.String(), "errors_test.go", "the stack is in the log")
}
