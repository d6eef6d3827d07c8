package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

func TestEveryKindHasAName(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for k := fault.Internal; k <= fault.Upstream; k++ {
		require.NotEmpty(t, k.String())
		require.False(t, seen[k.String()], k)
		seen[k.String()] = true
	}
}

func TestAFaultIsFoundBelowOtherErrorsAndKeepsItsCause(t *testing.T) {
	t.Parallel()
	cause := errors.New("connection refused")
	err := fmt.Errorf("schedule meeting: %w", fault.Wrap(fault.Upstream, "N8N_ERROR", cause))

	require.Equal(t, fault.Upstream, fault.KindOf(err))
	require.Equal(t, fault.Code("N8N_ERROR"), fault.CodeOf(err))
	require.ErrorIs(t, err, cause)
	require.Equal(t, fault.Internal, fault.KindOf(cause))
	require.Equal(t, fault.InternalCode, fault.CodeOf(cause))
}

func TestWithLeavesTheOriginalAsItWas(t *testing.T) {
	t.Parallel()
	first := fault.New(fault.Conflict, "INVALID_STATE").With("status", "FAILED")
	second := first.With("status", "COMPLETED")

	require.Equal(t, "FAILED", first.Params["status"])
	require.Equal(t, "COMPLETED", second.Params["status"])
}

func TestWrongFieldsAreToldAllAtOnceWithoutTheirParameters(t *testing.T) {
	t.Parallel()
	var none, inner, all fault.Fields
	require.NoError(t, none.Err())
	inner.Add("meetingUrl", fault.NotAllowed, "allowed", "private-value")
	all.Require(true, "title", fault.Required)
	all.Require(false, "customerInfo.contactName", fault.Required)
	all.Join(inner.Err())
	all.Join(nil)

	err := all.Err()
	e, ok := errors.AsType[*fault.Error](err)
	require.True(t, ok)
	require.Equal(t, fault.Invalid, e.Kind)
	require.Len(t, e.Fields, 2)
	require.Equal(t, "private-value", e.Fields[1].Params["allowed"])
	require.Contains(t, err.Error(), "meetingUrl:NOT_ALLOWED")
	require.NotContains(t, err.Error(), "private-value")
}
