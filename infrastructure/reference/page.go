package reference

import (
	"crypto/rand"
	"html/template"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

const pageText = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="csp-nonce" nonce="{{.Nonce}}" content="{{.Nonce}}">
<title>{{.Title}} API reference</title>
</head>
<body>
<noscript>The reference needs JavaScript. The document itself: <a href="/openapi.json">/openapi.json</a>,
for Postman: <a href="/postman/collection.json">collection</a>, <a href="/postman/environment.json">environment</a>.</noscript>
<div id="app"></div>
<script src="{{.Scalar}}"></script>
<script src="{{.Start}}"></script>
</body>
</html>
`

// policy lets the page's two scripts run, and the styles that carry its nonce. Requests that a reader tries out go to this
// server only. Styles are not code, and those of the renderer come with it: their attributes are blocked, which it survives.
func policy(nonce string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce + "'; img-src 'self' data:; " +
		"font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// Register serves the reference at / and its scripts below /reference/.
func Register(e *echo.Echo, title string) {
	page := template.Must(template.New("reference").Parse(pageText))
	e.GET("/", func(c echo.Context) error {
		nonce := rand.Text()
		var out strings.Builder
		err := page.Execute(&out, map[string]string{"Nonce": nonce, "Title": title, "Scalar": scalarPath, "Start": startPath})
		if err != nil {
			return err
		}
		c.Response().Header().Set(echo.HeaderContentSecurityPolicy, policy(nonce))
		return c.HTML(http.StatusOK, out.String())
	})
	e.GET(scalarPath, serveScalar)
	e.GET(startPath, func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "public, max-age=300")
		return c.Blob(http.StatusOK, javaScript, startScript)
	})
}
