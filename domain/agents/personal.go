package agents

import (
	"regexp"
	"strings"
	"unicode"
)

// Personal is a sort of personal data.
type Personal string

// Sorts of personal data that a lesson must not carry.
const (
	PersonalEmail Personal = "email"
	PersonalPhone Personal = "phone"
	PersonalName  Personal = "name"
)

var (
	emailLike = regexp.MustCompile(`(?i)[\p{L}\p{N}._%+-]+\s?(@|\(at\)|\[at\])\s?[\p{L}\p{N}-]+\s?(\.|\(dot\))\s?\p{L}{2,}`)
	phoneLike = regexp.MustCompile(`\+?\(?\d[\d\s().-]{6,}\d`)
	dateLike  = regexp.MustCompile(`^(\d{4}[-.]\d{1,2}[-.]\d{1,2}|\d{1,2}[-.]\d{1,2}[-.]\d{4}|(19|20)\d\d ?- ?(19|20)\d\d)$`)
	moneyUnit = regexp.MustCompile(`(?i)^\s*(%|pesos|mxn|usd|d[oó]lares|euros|eur|reais|brl)`)
)

// minPhoneDigits is how many digits tell a phone number from a price, a year or a percentage (E.164 numbers have 8 to 15).
const (
	minPhoneDigits = 8
	maxPhoneDigits = 15
)

// FindPersonal returns the first sort of personal data in a text: an e-mail address, a phone number, or the name of one of
// the people given. A name counts in whole, however it is written, and so does each of its words of at least three letters
// that is written as a name is, with a capital.
func FindPersonal(text string, people []string) (Personal, bool) {
	if emailLike.MatchString(text) {
		return PersonalEmail, true
	}
	for _, found := range phoneLike.FindAllString(text, -1) {
		if n := countDigits(found); n >= minPhoneDigits && n <= maxPhoneDigits && !isAmount(text, found) && !dateLike.MatchString(found) {
			return PersonalPhone, true
		}
	}
	words := splitWords(text)
	for _, person := range people {
		if namedIn(words, splitWords(person)) {
			return PersonalName, true
		}
	}
	return "", false
}

func countDigits(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// isAmount reports whether a number is an amount of money: "$" stands before it, or a currency after it.
func isAmount(text, number string) bool {
	before, after, _ := strings.Cut(text, number)
	return strings.HasSuffix(strings.TrimRight(before, " "), "$") || moneyUnit.MatchString(after)
}

// word is a word as it is written and as it is compared.
type word struct {
	folded  string
	capital bool
}

// splitWords returns the words of a text.
func splitWords(text string) []word {
	var words []word
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) }) {
		words = append(words, word{folded: foldWord(w), capital: unicode.IsUpper([]rune(w)[0])})
	}
	return words
}

// namedIn reports whether the words of a text hold a name.
func namedIn(words, name []word) bool {
	if len(name) > 1 && holds(words, name) {
		return true
	}
	for _, part := range name {
		if len([]rune(part.folded)) < 3 || isRole(part.folded) {
			continue
		}
		for _, w := range words {
			if w.capital && w.folded == part.folded {
				return true
			}
		}
	}
	return false
}

// holds reports whether the words hold the name's, one after the other.
func holds(words, name []word) bool {
	for i := range words {
		if i+len(name) > len(words) {
			return false
		}
		same := true
		for j, part := range name {
			same = same && words[i+j].folded == part.folded
		}
		if same {
			return true
		}
	}
	return false
}

// isRole reports whether a word stands in a participant's name without naming anybody.
func isRole(folded string) bool {
	const roles = " cliente vendedor vendedora orador oradora participante invitado invitada speaker guest customer client " +
		"rep sales ventas equipo sala usuario desconocido unknown iphone ipad zoom meet teams del los las "
	return strings.Contains(roles, " "+folded+" ")
}

// foldWord drops case and the accents of the languages that we speak.
func foldWord(w string) string {
	return strings.Map(func(r rune) rune {
		switch r = unicode.ToLower(r); {
		case unicode.Is(unicode.M, r): // an accent that stands alone
			return -1
		case strings.ContainsRune("áàâãä", r):
			return 'a'
		case strings.ContainsRune("éèêë", r):
			return 'e'
		case strings.ContainsRune("íìîï", r):
			return 'i'
		case strings.ContainsRune("óòôõö", r):
			return 'o'
		case strings.ContainsRune("úùûü", r):
			return 'u'
		case r == 'ñ':
			return 'n'
		case r == 'ç':
			return 'c'
		}
		return r
	}, w)
}
