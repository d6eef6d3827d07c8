package embed_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// campaign asks for calls years ahead.
func campaign(name string, phones ...string) tertulia.CallSubmission {
	at := int64(1893456000)
	s := tertulia.CallSubmission{CallName: name, AgentID: "agent_1", AgentPhoneNumberID: "phnum_1", ScheduledTimeUnix: &at}
	for _, phone := range phones {
		s.Recipients = append(s.Recipients, tertulia.CallRecipient{PhoneNumber: phone, DynamicVariables: map[string]any{"nombre": "Juan"}})
	}
	return s
}

func TestABatchOfCallsIsSubmittedFollowedAndStopped(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())

	sent, err := s.Service.BatchCalls.Submit(t.Context(), campaign("Octubre", "+34631021622", "+34612215815", "+34631021622"))
	require.NoError(t, err)
	require.Equal(t, "Octubre", sent.Batch.Name)
	require.Equal(t, []tertulia.DuplicateRecipient{{Index: 2, FirstIndex: 0}}, sent.Duplicates)
	require.Equal(t, 1, sent.DuplicatesTotal)

	b, err := s.Rep.BatchCalls.Get(t.Context(), sent.Batch.ID)
	require.NoError(t, err)
	require.Equal(t, tertulia.CallPending, b.Status)
	require.Len(t, b.Recipients, 2)
	require.Equal(t, "+34631021622", b.Recipients[0].PhoneNumber)
	require.JSONEq(t, `{"dynamic_variables":{"nombre":"Juan"}}`, string(b.Recipients[0].ClientData), "where the provider reads them")

	_, err = s.Other.BatchCalls.Get(t.Context(), sent.Batch.ID)
	require.Error(t, err, "another workspace knows nothing of it")

	b, err = s.Service.BatchCalls.Cancel(t.Context(), sent.Batch.ID)
	require.NoError(t, err)
	require.Equal(t, tertulia.CallCancelled, b.Status)
	_, err = s.Service.BatchCalls.Cancel(t.Context(), sent.Batch.ID)
	refusal, ok := errors.AsType[*tertulia.APIError](err)
	require.True(t, ok)
	require.Equal(t, 400, refusal.Status)
	require.Contains(t, refusal.Message, "Error al cancelar batch de llamadas: ")
}

func TestWrongFieldsAndTheBatchToFollowReachTheSDK(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())

	_, err := s.Service.BatchCalls.Submit(t.Context(), campaign("", "631021622"))
	wrong, ok := errors.AsType[*tertulia.APIError](err)
	require.True(t, ok)
	require.Equal(t, []tertulia.FieldError{{Field: "call_name", Message: "call_name es requerido"}}, wrong.Details)

	s.Sandbox.Fault(sandboxtest.Fault{Vendor: "elevenlabs", Path: "/v1/convai/batch-calling/submit", Drop: "after"})
	_, err = s.Service.BatchCalls.Submit(t.Context(), campaign("Octubre", "+34631021622"))
	failed, ok := errors.AsType[*tertulia.APIError](err)
	require.True(t, ok)
	require.Equal(t, 500, failed.Status)
	b, err := s.Service.BatchCalls.Get(t.Context(), failed.CallBatch)
	require.NoError(t, err)
	require.Equal(t, "unknown", b.Recipients[0].Detail, "nobody knows whether the provider has it")
	require.Equal(t, 1, s.Sandbox.Calls("elevenlabs", "POST /v1/convai/batch-calling/submit"))
}
