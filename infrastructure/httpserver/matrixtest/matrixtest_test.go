package matrixtest_test

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver/matrixtest"
)

// roles knows the tokens "rep" and "admin".
type roles struct{}

func (roles) Authenticate(_ context.Context, c httpserver.Credentials) (kernel.Principal, error) {
	role, ok := map[string]kernel.Role{"rep": kernel.Rep, "admin": kernel.Admin}[c.Bearer]
	if !ok {
		return kernel.Principal{}, fault.New(fault.Unauthenticated, fault.Unauthorized)
	}
	return kernel.Principal{Kind: kernel.Person, Role: role}, nil
}

func TestTheMatrixDrivesEveryOperationWithEveryCaller(t *testing.T) {
	t.Parallel()
	api := httpserver.New(httpserver.Options{Title: "t", Version: "1", Auth: roles{}})
	type input struct {
		httpserver.Caller
		ID string `path:"id"`
	}
	httpserver.Delete(api, "/things/{id}", httpserver.Spec{ID: "clear", Role: kernel.Admin},
		func(context.Context, *input) (*struct{}, error) { return nil, nil })
	bearer := func(token string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
	}
	isMember := func(op httpserver.Operation) bool { return op.Credential == httpserver.Member }
	var driven []string

	matrixtest.Run(t, api.Handler(), api.Operations(), []matrixtest.Caller{
		{Name: "nobody", Want: func(op httpserver.Operation) []int {
			if isMember(op) {
				return []int{401}
			}
			return []int{200}
		}},
		{Name: "rep", Sign: bearer("rep"), Want: func(op httpserver.Operation) []int {
			if op.Role == kernel.Admin {
				return []int{403}
			}
			return nil
		}},
		{Name: "admin", Sign: bearer("admin")},
	}, map[string]matrixtest.Fixture{
		"health": {}, "ready": {},
		"clear": {Path: map[string]string{"id": "7"}, Want: map[string][]int{"admin": {204}}},
	}, func(_ *testing.T, op httpserver.Operation, caller string, _ int, _ string) {
		driven = append(driven, op.ID+" "+caller)
	})

	slices.Sort(driven)
	require.Equal(t, []string{"clear admin", "clear nobody", "clear rep", "health nobody", "ready nobody"}, driven)
}
