package embed_test

import "github.com/tertulia-dev/tertulia/infrastructure/httpserver/matrixtest"

// costFixtures are the right calls of costs, and of the tools for agents.
func costFixtures(meeting map[string]string) map[string]matrixtest.Fixture {
	return map[string]matrixtest.Fixture{
		"getMeetingCosts": {Path: meeting}, "getMonthCosts": {},
		"mcp": {Body: `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`},
	}
}
