package billinghttp

import (
	"context"
	_ "embed"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/domain/billing"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/catalog"
	billinguc "github.com/tertulia-dev/tertulia/usecase/billing"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle []byte

const stylePath = "/costs.css"

// Page is the public page on what a meeting costs.
type Page struct {
	Queries   *billinguc.Queries
	Workspace func(context.Context) (kernel.WorkspaceID, error) // whose meetings are measured
	Prices    billing.PriceList
	Peers     []billing.PeerPrice
	Model     string // that analyses, for the price of an hour
	Texts     *catalog.Catalog
	Now       func() time.Time
}

// RegisterPage serves the page at /costs, in the reader's language.
func RegisterPage(e *echo.Echo, p Page) {
	funcs := template.FuncMap{"text": func(lang, key string, params ...string) string {
		values := map[string]string{}
		for i := 0; i+1 < len(params); i += 2 {
			values[params[i]] = params[i+1]
		}
		return p.Texts.Text(lang, "costs."+key, values)
	}}
	page := template.Must(template.New("costs").Funcs(funcs).Parse(pageText))
	e.GET("/costs", func(c echo.Context) error {
		view, err := p.view(c.Request().Context(), p.Texts.Negotiate(c.Request().Header.Get("Accept-Language")))
		if err != nil {
			return err
		}
		var out strings.Builder
		if err := page.Execute(&out, view); err != nil {
			return err
		}
		h := c.Response().Header()
		h.Set(echo.HeaderContentSecurityPolicy, "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("Content-Language", view.Lang)
		h.Add("Vary", "Accept-Language")
		return c.HTML(http.StatusOK, out.String())
	})
	e.GET(stylePath, func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "public, max-age=300")
		return c.Blob(http.StatusOK, "text/css; charset=utf-8", pageStyle)
	})
}

// costsView is all that the page shows.
type costsView struct {
	Lang       string
	Style      string
	Measured   bool
	PerMeeting string
	PerHour    string
	Days       int
	Hour       []hourLine
	HourTotal  string
	Model      string
	Peers      []billing.PeerPrice
}

type hourLine struct{ Kind, Resource, Price, Cost, AsOf, Source string }

func (p Page) view(ctx context.Context, lang string) (costsView, error) {
	ws, err := p.Workspace(ctx)
	if err != nil {
		return costsView{}, err
	}
	measured, err := p.Queries.Measured(ctx, ws)
	if err != nil {
		return costsView{}, err
	}
	view := costsView{
		Lang: lang, Style: stylePath, Measured: measured.Found, Days: measured.Days, Model: p.Model, Peers: p.Peers,
		PerMeeting: dollars(measured.PerMeeting), PerHour: dollars(measured.PerHour),
	}
	var total billing.Micros
	for _, l := range p.Prices.HourAt(p.Model, p.Now()) {
		total += l.Amount
		view.Hour = append(view.Hour, hourLine{
			Kind: string(l.Kind), Resource: l.Resource, Cost: dollars(l.Amount), Price: unitPrice(l.Price, l.Kind),
			AsOf: l.Price.AsOf.Format(time.DateOnly), Source: l.Price.Source,
		})
	}
	view.HourTotal = dollars(total)
	return view, nil
}

// dollars rounds to four decimals, or to two where that says enough.
func dollars(m billing.Micros) string {
	text := ((m + 50) / 100 * 100).String()
	text = text[:len(text)-2]
	return "$" + strings.TrimSuffix(text, "00")
}

// unitPrice writes a price for the unit in which it is published: an hour, a million tokens.
func unitPrice(p billing.Price, k billing.Kind) string {
	switch k.Unit() {
	case "second":
		return dollars(p.Of(3600)) + " / h"
	case "token":
		return dollars(p.Of(1_000_000)) + " / 1M"
	default:
		return dollars(p.Amount)
	}
}
