package batchcallshttp_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/kernel"
)

func TestWhoMayCall(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		anonymous bool
		header    []string
		status    int
		actor     kernel.Principal
	}{
		{false, nil, 401, kernel.Principal{}},
		{false, []string{"X-API-Key", "wrong"}, 401, kernel.Principal{}},
		{false, []string{"Authorization", "Bearer x"}, 401, kernel.Principal{}},
		{false, []string{"xi-api-key", "key"}, 401, kernel.Principal{}},
		{false, []string{"X-API-Key", "key"}, 200, kernel.Principal{Kind: kernel.Service, Workspace: "w1", Role: kernel.Admin}},
		{false, []string{"Authorization", "Bearer token"}, 200, kernel.Principal{Kind: kernel.Person, Workspace: "w2", Rep: "r", Role: kernel.Rep}},
		{true, nil, 200, kernel.Principal{}},
		{true, []string{"Authorization", "Bearer x", "xi-api-key", "y"}, 200, kernel.Principal{}},
		{true, []string{"Authorization", "Basic x"}, 200, kernel.Principal{}},
		{true, []string{"Authorization", "Bearer token"}, 200, kernel.Principal{Kind: kernel.Person, Workspace: "w2", Rep: "r", Role: kernel.Rep}},
		{true, []string{"X-API-Key", "key"}, 200, kernel.Principal{Kind: kernel.Service, Workspace: "w1", Role: kernel.Admin}},
		{true, []string{"X-API-Key", "wrong"}, 401, kernel.Principal{}},
	} {
		e := newEdge(t, c.anonymous)
		got := e.call(t, "POST", submitPath, bodyWith(person, ""), c.header...)
		require.Equal(t, c.status, got.status, "%v %v", c.anonymous, c.header)
		if c.status == 401 {
			require.Len(t, got.body, 2)
			require.Equal(t, false, got.body["success"])
			require.NotEmpty(t, got.body["error"])
			submitted, _ := e.questions()
			require.Zero(t, submitted)
			continue
		}
		require.Equal(t, c.actor, e.submitted[0].Actor, "%v", c.header)
	}
}
