package meetings

// phraseBook finds which of many phrases stands at a place, however many there are, in one walk over its words: a trie over
// the words' keys.
type phraseBook[V any] struct {
	next  map[string]*phraseBook[V]
	ends  bool // a phrase ends here
	value V
}

// add makes a phrase known; of two with the same keys the later wins.
func (p *phraseBook[V]) add(keys []string, value V) {
	for _, key := range keys {
		if p.next == nil {
			p.next = map[string]*phraseBook[V]{}
		}
		if p.next[key] == nil {
			p.next[key] = &phraseBook[V]{}
		}
		p = p.next[key]
	}
	p.ends, p.value = true, value
}

// longest returns how many of n words the longest phrase at their beginning takes, 0 when there is none, and its value.
func (p *phraseBook[V]) longest(n int, key func(i int) string) (length int, value V) {
	for i := range n {
		if p = p.next[key(i)]; p == nil {
			break
		}
		if p.ends {
			length, value = i+1, p.value
		}
	}
	return length, value
}
