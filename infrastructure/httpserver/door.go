package httpserver

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Codes that the door and the authenticator behind it answer.
const (
	MissingSalesRepEmail  fault.Code = "MISSING_SALES_REP_EMAIL"  // an API key does not say for whom it acts
	SalesRepNotFound      fault.Code = "SALES_REP_NOT_FOUND"      // an API key acts for somebody unknown
	EmailDomainNotAllowed fault.Code = "EMAIL_DOMAIN_NOT_ALLOWED" // a person's token is good, its e-mail is not
)

// Credentials are what a request shows. At most one of Bearer and SchedulerSecret is set: an operation takes either.
type Credentials struct {
	Bearer          string // a person's token
	APIKey          string
	SchedulerSecret string
	RepEmail        string // salesRepEmail, with an API key only
	RepName         string // salesRepName, with an API key only
	ActAs           ActAs
}

// Authenticator tells who shows the credentials.
type Authenticator interface {
	// Authenticate returns the principal. Unauthenticated UNAUTHORIZED when the credentials are not good; Invalid
	// MISSING_SALES_REP_EMAIL, NotFound SALES_REP_NOT_FOUND and Forbidden EMAIL_DOMAIN_NOT_ALLOWED as the contract says.
	Authenticate(ctx context.Context, c Credentials) (kernel.Principal, error)
}

// door lets in who may call an operation, with the body read and the deadline set. Routes that are no operation pass.
func (a *API) door(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		op, ok := a.byRoute[c.Request().Method+" "+c.Path()]
		if !ok {
			a.clearDeadline(c)
			return next(c)
		}
		v := visitOf(c.Request().Context())
		v.spec = &op.Spec
		leave := a.setDeadline(c, op.Spec)
		defer leave()
		if err := a.turnAway(c, op.Spec); err != nil {
			return err
		}
		cred, err := showing(c.Request(), op.Spec)
		if err != nil {
			return err
		}
		defer func() { a.noteGuess(c, op.Spec, cred, err) }()
		body, err := a.takeBody(c, op.Spec)
		if err != nil {
			return err
		}
		if err := nameKey(&v.caller, c.Request(), body); err != nil {
			return err
		}
		if v.caller.Principal, err = a.admit(c, op.Spec, cred, body); err != nil {
			return err
		}
		if err := a.spend(c.Request().Context(), v.caller.Principal); err != nil {
			return err
		}
		return next(c)
	}
}

// showing reads the credentials that the operation takes; without any, nothing else of the request is looked at.
func showing(r *http.Request, spec Spec) (Credentials, error) {
	bearer := bearerOf(r.Header.Get(echo.HeaderAuthorization))
	cred := Credentials{ActAs: spec.ActAs}
	switch spec.Credential {
	case Signed, Public:
		return cred, nil
	case SchedulerSecret:
		cred.SchedulerSecret = bearer
	default:
		cred.Bearer, cred.APIKey = bearer, r.Header.Get("X-API-Key")
	}
	if !cred.isShown() && spec.Credential != Optional {
		return cred, unauthorized(spec)
	}
	return cred, nil
}

// unauthorized is the answer to a missing or wrong credential; its sentence says which one would be right.
func unauthorized(spec Spec) error {
	return fault.New(fault.Unauthenticated, fault.Unauthorized).With("credential", spec.Credential.String())
}

// bearerOf returns the token of an Authorization header, "" when its scheme is another (RFC 9110 §11.1: in any case).
func bearerOf(header string) string {
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// admit authenticates and holds the role against the floor.
func (a *API) admit(c echo.Context, spec Spec, cred Credentials, body []byte) (kernel.Principal, error) {
	if spec.Credential == Signed || spec.Credential == Public || spec.Credential == Optional && !cred.isShown() {
		return kernel.Principal{}, nil
	}
	var malformed error
	if cred.APIKey != "" {
		malformed = a.nameRep(&cred, c, body)
	}
	p, err := a.opts.Auth.Authenticate(c.Request().Context(), cred)
	switch {
	case err != nil && malformed != nil && fault.CodeOf(err) == MissingSalesRepEmail:
		return kernel.Principal{}, malformed // the e-mail may be in there, unreadable
	case fault.CodeOf(err) == fault.Unauthorized && spec.Credential == Optional && cred.APIKey == "":
		return kernel.Principal{}, nil
	case fault.CodeOf(err) == fault.Unauthorized:
		return kernel.Principal{}, unauthorized(spec)
	case err != nil:
		return kernel.Principal{}, err
	case p.Role < spec.floor() && !a.opts.FloorOff:
		return kernel.Principal{}, fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	return p, nil
}

// nameRep finds for whom an API key acts: in the query, else at the top level of a JSON body. It returns what is wrong with
// a body in which the e-mail may be: that it is not sent as JSON, is none, or has the e-mail in another type.
func (a *API) nameRep(cred *Credentials, c echo.Context, body []byte) error {
	cred.RepEmail, cred.RepName = c.QueryParam("salesRepEmail"), c.QueryParam("salesRepName")
	if len(body) == 0 || cred.RepEmail != "" && cred.RepName != "" {
		return nil
	}
	if !isJSON(c.Request()) {
		if op := a.byRoute[c.Request().Method+" "+c.Path()]; op != nil && op.Raw {
			return nil // its body is its own
		}
		return echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	var named struct {
		Email string `json:"salesRepEmail"`
		Name  string `json:"salesRepName"`
	}
	err := json.Unmarshal(body, &named)
	if cred.RepEmail == "" {
		cred.RepEmail = named.Email
	}
	if cred.RepName == "" {
		cred.RepName = named.Name
	}
	if _, syntax := errors.AsType[*json.SyntaxError](err); syntax {
		return wrongBody(Malformed)
	}
	if mistyped, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && mistyped.Field != "" {
		var f fault.Fields
		f.Add(mistyped.Field, WrongType, "expected", "string")
		return f.Err()
	}
	return nil
}

func isJSON(r *http.Request) bool {
	ct := r.Header.Get(echo.HeaderContentType)
	return ct == "" || strings.Contains(ct, "json")
}
