package batchcalls

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// secretPrefix begins the names of variables that go into the headers of an agent's tools and never to its model. They come
// from whoever runs the agent, never from a list of customers, so that no row is asked for them.
const secretPrefix = "secret__"

// placeholder is a dynamic variable in a text of a voice agent (ElevenLabs, "Dynamic variables").
var placeholder = regexp.MustCompile(`\{\{\s*([^{}\s](?:[^{}]*[^{}\s])?)\s*\}\}`)

// RequiredVariables returns the variables that every call needs, sorted: those named as {{name}} in the agent's prompt, first
// message and tools, except what the provider sets itself (system__), secrets, and what has a default. A call that lacks
// one is ended by the provider ("Missing required dynamic variables").
func RequiredVariables(texts []string, defaults map[string]any) []string {
	needed := map[string]bool{}
	for _, text := range texts {
		for _, match := range placeholder.FindAllStringSubmatch(text, -1) {
			name := match[1]
			if _, given := defaults[name]; !given && !strings.HasPrefix(name, ProviderPrefix) && !strings.HasPrefix(name, secretPrefix) {
				needed[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(needed))
}

// MissingVariables returns which of the required variables are not given, in their order. An empty text is not given.
func MissingVariables(required []string, given map[string]any) []string {
	var missing []string
	for _, name := range required {
		if value, ok := given[name]; !ok || value == nil || value == "" {
			missing = append(missing, name)
		}
	}
	return missing
}
