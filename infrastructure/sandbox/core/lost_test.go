package core_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheLedgerHoldsTheBodyOfARequestWhoseConnectionWasCut(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]object{
		"before":        {"vendor": "echo", "drop": "before"},
		"after":         {"vendor": "echo", "drop": "after"},
		"before, reset": {"vendor": "echo", "drop": "before", "reset": true},
		"after, reset":  {"vendor": "echo", "drop": "after", "reset": true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t)
			p.control("POST", "/faults", fault)
			_, _, err := p.send("POST", "/echo/v1/notes", object{"note": "perdida"})
			require.Error(t, err)
			require.Eventually(t, func() bool { // the entry is closed as the connection is cut
				requests := p.server.Ledger().Requests("echo")
				return len(requests) == 1 && requests[0].Body == `{"note":"perdida"}` && requests[0].Status == 0
			}, 5*time.Second, 5*time.Millisecond)
		})
	}
}

func TestAControlRequestOfTheWrongTypeIsToldSoInJSONsWords(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	for body, want := range map[string]struct{ field, message string }{
		`{"vendor":"echo","status":"teapot"}`: {"status", "status must be a whole number, not a string"},
		`{"vendor":7}`:                        {"vendor", "vendor must be a string, not a number"},
		`{"vendor":"echo","headers":"x"}`:     {"headers", "headers must be an object, not a string"},
		`{"vendor":"echo","reset":1.5}`:       {"reset", "reset must be true or false, not a number"},
		`[]`:                                  {"", "the body must be an object, not an array"},
	} {
		status, answer, err := p.send("POST", "/_control/faults", body)
		require.NoError(t, err)
		require.Equal(t, 400, status)
		var got struct{ Field, Error string }
		require.NoError(t, json.Unmarshal([]byte(answer), &got))
		require.Equal(t, want.field, got.Field)
		require.Equal(t, want.message, got.Error)
	}
}
