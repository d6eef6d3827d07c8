package openai

import "hash/fnv"

const (
	bytesPerToken = 4
	// cacheBlock and cacheFloor are the vendor's prompt cache: prefixes are kept in steps of 128 tokens from 1,024 on.
	cacheBlock = 128
	cacheFloor = 1024
	// maxPrefixes bounds what the cache remembers; a full cache starts again.
	maxPrefixes = 1 << 18
)

// tokens estimates how many tokens a text has.
func tokens(text string) int { return (len(text) + bytesPerToken - 1) / bytesPerToken }

// prefixCache remembers the beginnings of prompts by their hash.
type prefixCache map[uint64]struct{}

// hit returns how many leading tokens of the prompt were seen before, and remembers this prompt.
func (c prefixCache) hit(model, prompt string) int {
	if len(c) > maxPrefixes {
		clear(c)
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(model)) // a hash never fails
	const step = cacheBlock * bytesPerToken
	cached := 0
	for end := step; end <= len(prompt); end += step {
		_, _ = h.Write([]byte(prompt[end-step : end]))
		if end/bytesPerToken < cacheFloor {
			continue
		}
		if _, seen := c[h.Sum64()]; seen {
			cached = end / bytesPerToken
		}
		c[h.Sum64()] = struct{}{}
	}
	return cached
}

// usage is the vendor's token account of one response.
func usage(input, cached, output, reasoning int) map[string]any {
	written := 0
	if input >= cacheFloor {
		written = (input - cached) / cacheBlock * cacheBlock
	}
	return map[string]any{
		"input_tokens":          input,
		"input_tokens_details":  map[string]int{"cached_tokens": cached, "cache_write_tokens": written},
		"output_tokens":         output + reasoning,
		"output_tokens_details": map[string]int{"reasoning_tokens": reasoning},
		"total_tokens":          input + output + reasoning,
	}
}
