package meetings

import (
	"strings"
	"unicode"
)

// accentedLetters pairs the accented letters of Latin scripts with the plain ones below them.
const (
	accentedLetters = "àáâãäåāăąçćĉċčďđèéêëēĕėęěĝğġģĥħìíîïĩīĭįıĵķĺļľŀłñńņňŉòóôõöøōŏőŕŗřśŝşšţťŧùúûüũūŭůűųŵýÿŷźżž"
	plainLetters    = "aaaaaaaaacccccddeeeeeeeeegggghhiiiiiiiiijklllllnnnnnooooooooorrrsssstttuuuuuuuuuuwyyyzzz"
)

// fold returns the text in lower case and without accents, so that a transcript written without them still matches.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x80:
			return unicode.ToLower(r)
		case unicode.Is(unicode.Mn, r):
			return -1
		}
		r = unicode.ToLower(r)
		if i := strings.IndexRune(accentedLetters, r); i >= 0 {
			return rune(plainLetters[i/2]) // every accented letter takes two bytes
		}
		return r
	}, s)
}

// isWordRune reports whether r is part of a word; accents that stand on their own are.
func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// foldedWords returns the text's letters and digits, folded, cut into words at everything else.
func foldedWords(s string) []string {
	return appendFoldedWords(nil, s)
}

// appendFoldedWords adds the text's folded words to a slice that is the caller's, to be used again for the next text.
func appendFoldedWords(words []string, s string) []string {
	s = fold(s)
	begin := -1
	for i, r := range s {
		switch isPart := isWordRune(r); {
		case isPart && begin < 0:
			begin = i
		case !isPart && begin >= 0:
			words, begin = append(words, s[begin:i]), -1
		}
	}
	if begin >= 0 {
		words = append(words, s[begin:])
	}
	return words
}
