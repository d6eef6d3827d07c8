package embed_test

import "github.com/tertulia-dev/tertulia/infrastructure/httpserver/matrixtest"

// playbookFixtures calls the operations on the workspace's playbook.
func playbookFixtures() map[string]matrixtest.Fixture {
	const dimension = `","label":"x","high":"x","low":"x"}`
	return map[string]matrixtest.Fixture{
		"getPlaybook": {}, "listPlaybookVersions": {},
		"editPlaybook": {Body: `{"dimensions":[{"key":"d1` + dimension + `,{"key":"d2` + dimension + `,{"key":"d3` + dimension +
			`,{"key":"d4` + dimension + `,{"key":"d5` + dimension + `]}`},
	}
}
