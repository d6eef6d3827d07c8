package httpserver

import (
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/catalog"
)

// Names of the security schemes in the document.
const (
	schemeBearer    = "bearer"
	schemeAPIKey    = "apiKey"
	schemeScheduler = "cronSecret"
	schemeSignature = "webhookSignature"
)

// documentConfig is huma's configuration: JSON only, unknown fields ignored, documents served by ourselves.
func (a *API) documentConfig() huma.Config {
	cfg := huma.DefaultConfig(a.opts.Title, a.opts.Version)
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath, cfg.CreateHooks = "", "", "", nil
	cfg.AllowAdditionalPropertiesByDefault = true
	cfg.Info.Description = a.opts.About
	cfg.Transformers = []huma.Transformer{a.renderModel}
	for _, url := range a.opts.Servers {
		cfg.Servers = append(cfg.Servers, &huma.Server{URL: url})
	}
	cfg.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[huma.ErrorModel](), reflect.TypeFor[Envelope]())
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		schemeBearer:    {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "A person's access token."},
		schemeAPIKey:    {Type: "apiKey", In: "header", Name: "X-API-Key", Description: "A service key; name the rep it acts for with salesRepEmail."},
		schemeScheduler: {Type: "http", Scheme: "bearer", Description: "CRON_SECRET, for /api/cron only."},
		schemeSignature: {Type: "apiKey", In: "header", Name: "svix-signature", Description: "The vendor's signature over the raw body (svix-* or webhook-* headers)."},
	}
	return cfg
}

// describe fills an operation of the document from its registration.
func (a *API) describe(op *huma.Operation, method, path string, spec Spec) {
	op.Method, op.Path, op.OperationID = method, path, spec.ID
	op.Summary, op.Description, op.DefaultStatus = spec.Summary, spec.Description, spec.Status
	if spec.Tag != "" {
		op.Tags = []string{spec.Tag}
	}
	op.Security = security(spec.Credential)
	op.Parameters = slices.Concat(op.Parameters, doorParameters(spec))
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	a.describeErrors(op, spec)
}

func security(c Credential) []map[string][]string {
	switch c {
	case Member:
		return []map[string][]string{{schemeBearer: {}}, {schemeAPIKey: {}}}
	case Optional:
		return []map[string][]string{{}, {schemeBearer: {}}, {schemeAPIKey: {}}}
	case SchedulerSecret:
		return []map[string][]string{{schemeScheduler: {}}}
	case Signed:
		return []map[string][]string{{schemeSignature: {}}}
	default:
		return []map[string][]string{}
	}
}

// doorParameters are what the door reads beside the operation's own input.
func doorParameters(spec Spec) []*huma.Param {
	var params []*huma.Param
	if spec.Credential == Member || spec.Credential == Optional {
		about := "With X-API-Key: the rep acted for. Required unless the body names it."
		if spec.ActAs == ServiceAllowed {
			about = "With X-API-Key: the rep acted for; absent, the key acts for the whole workspace."
		}
		params = append(params, &huma.Param{
			Name: "salesRepEmail", In: "query", Description: about,
			Schema: &huma.Schema{Type: huma.TypeString, Format: "email"}, Example: "ana@example.com",
		})
	}
	if spec.Idempotent {
		longest := 255
		params = append(params, &huma.Param{
			Name: "Idempotency-Key", In: "header",
			Description: "Requests with the same key and body are one: the later ones get the first one's answer.",
			Schema:      &huma.Schema{Type: huma.TypeString, MaxLength: &longest},
		})
	}
	return params
}

// describeErrors adds a response per status, with an example per code: those that the operation names, and those that
// the door answers.
func (a *API) describeErrors(op *huma.Operation, spec Spec) {
	codes := append(doorErrors(spec), spec.Errors...)
	slices.Sort(codes)
	byStatus := map[int][]fault.Code{}
	for _, code := range slices.Compact(codes) {
		kind, ok := a.opts.Catalog.Kind(code)
		if !ok {
			panic(fmt.Sprintf("httpserver: %s names the code %s, which the catalogue does not know", spec.ID, code))
		}
		byStatus[statuses[kind]] = append(byStatus[statuses[kind]], code)
	}
	schema := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Envelope](), true, "Envelope")
	for status, codes := range byStatus {
		if op.Responses[strconv.Itoa(status)] != nil {
			continue // what a Raw operation says of itself stands
		}
		examples, names := map[string]*huma.Example{}, make([]string, len(codes))
		for i, code := range codes {
			kind, _ := a.opts.Catalog.Kind(code)
			sentence := a.opts.Catalog.Sentence(catalog.Default, kind, code, map[string]string{"credential": spec.Credential.String()})
			names[i] = fmt.Sprintf("`%s`: %s", code, sentence)
			examples[string(code)] = &huma.Example{Summary: string(code), Description: sentence, Value: Envelope{
				Error: sentence, Code: string(code), RequestID: "0198c5f2-7a10-7cc3-9d4e-5b8f3f6a1c20",
			}}
		}
		op.Responses[strconv.Itoa(status)] = &huma.Response{
			Description: strings.Join(names, "\n\n"),
			Content:     map[string]*huma.MediaType{"application/json": {Schema: schema, Examples: examples}},
		}
	}
}

// doorErrors are the codes that follow from the registration itself.
func doorErrors(spec Spec) []fault.Code {
	codes := []fault.Code{fault.InternalCode}
	if spec.Credential == Public {
		return codes
	}
	codes = append(codes, fault.RateLimitedCode)
	switch spec.Credential {
	case Member, Optional:
		codes = append(codes, fault.Validation, EmailDomainNotAllowed, fault.ForbiddenCode) // the last: a rep who was removed
		if spec.ActAs != ServiceAllowed {
			codes = append(codes, MissingSalesRepEmail)
		}
		if spec.ActAs != RepProvisioned {
			codes = append(codes, SalesRepNotFound)
		}
	}
	return append(codes, fault.Unauthorized)
}

var parameter = regexp.MustCompile(`\{(\w+)\}`)

// pathParameters documents the {parameters} of a path that known does not.
func pathParameters(path string, known []*huma.Param) []*huma.Param {
	var params []*huma.Param
	for _, m := range parameter.FindAllStringSubmatch(path, -1) {
		if !slices.ContainsFunc(known, func(p *huma.Param) bool { return p.In == "path" && p.Name == m[1] }) {
			params = append(params, &huma.Param{
				Name: m[1], In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString},
			})
		}
	}
	return params
}

// documented finds an operation in the document, nil when it is hidden.
func (a *API) documented(method, path string) *huma.Operation {
	item := a.huma.OpenAPI().Paths[path]
	if item == nil {
		return nil
	}
	switch method {
	case http.MethodGet:
		return item.Get
	case http.MethodPost:
		return item.Post
	case http.MethodPut:
		return item.Put
	case http.MethodPatch:
		return item.Patch
	case http.MethodDelete:
		return item.Delete
	default:
		return nil
	}
}

// Document returns the OpenAPI 3.1 document as JSON. It is made once: register everything first.
func (a *API) Document() []byte { return a.document() }

func (a *API) renderDocument() []byte {
	a.illustrate()
	return mustJSON(a.huma.OpenAPI())
}

// registerDocument serves the document and what is made from it. They are files, not operations.
func (a *API) registerDocument() {
	serve := func(path, contentType, fileName string, content func() []byte) {
		a.echo.GET(path, func(c echo.Context) error {
			if fileName != "" {
				c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+fileName+`"`)
			}
			c.Response().Header().Set("Cache-Control", "max-age=60")
			c.Response().Header().Set("Access-Control-Allow-Origin", "*") // public, for document viewers elsewhere
			return c.Blob(http.StatusOK, contentType, content())
		})
	}
	serve("/openapi.json", "application/openapi+json", "", a.Document)
	serve("/postman/collection.json", "application/json", "tertulia.postman_collection.json", a.PostmanCollection)
	serve("/postman/environment.json", "application/json", "tertulia.postman_environment.json", a.PostmanEnvironment)
}
