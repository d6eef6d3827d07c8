// Package catalog holds every sentence that a person reads from the server, in Spanish, English and Portuguese: of
// errors and of broken field rules by their code, of notifications by their type. It also says of which kind each code
// that can be answered is, for the document.
package catalog

import (
	"embed"
	"fmt"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

//go:embed active.*.json
var files embed.FS

// Default is the language of those who ask for none that there is.
const Default = "es"

// Languages are those that every sentence exists in, the default first.
func Languages() []string { return []string{Default, "en", "pt"} }

// Catalog renders sentences. It is safe for concurrent use.
type Catalog struct {
	matcher    language.Matcher
	localizers map[string]*i18n.Localizer
}

// New loads the embedded sentences.
func New() *Catalog {
	bundle := i18n.NewBundle(language.Make(Default))
	c := &Catalog{localizers: map[string]*i18n.Localizer{}}
	var tags []language.Tag
	for _, lang := range Languages() {
		if _, err := bundle.LoadMessageFileFS(files, "active."+lang+".json"); err != nil {
			panic(fmt.Sprintf("catalog: load %s: %v", lang, err)) // embedded: only a broken build gets here
		}
		tags = append(tags, language.Make(lang))
		c.localizers[lang] = i18n.NewLocalizer(bundle, lang)
	}
	c.matcher = language.NewMatcher(tags)
	return c
}

// Negotiate returns the best language for an Accept-Language header (RFC 9110 §12.5.4): one of Languages.
func (c *Catalog) Negotiate(acceptLanguage string) string {
	if acceptLanguage == "" {
		return Default
	}
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return Default
	}
	_, i, confidence := c.matcher.Match(wanted...)
	if confidence == language.No {
		return Default
	}
	return Languages()[i]
}

// Text renders the sentence of a key. A language that there is not is the default one; a key without a sentence is "".
func (c *Catalog) Text(lang, key string, params map[string]string) string {
	l, ok := c.localizers[lang]
	if !ok {
		l = c.localizers[Default]
	}
	s, err := l.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: params})
	if err != nil {
		return ""
	}
	return s
}

// Sentence renders an error's sentence by its code; of a code without one, the sentence of its kind.
func (c *Catalog) Sentence(lang string, kind fault.Kind, code fault.Code, params map[string]string) string {
	if s := c.Text(lang, string(code), params); s != "" {
		return s
	}
	return c.Text(lang, "kind."+strings.ReplaceAll(kind.String(), " ", "_"), nil)
}

// Kind returns the kind that a code is answered with; false when it is never an answer by itself.
func (c *Catalog) Kind(code fault.Code) (fault.Kind, bool) {
	for kind, codes := range answers {
		for _, known := range codes {
			if known == code {
				return kind, true
			}
		}
	}
	return fault.Internal, false
}
