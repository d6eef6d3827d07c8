package hubspot_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
)

// schemas loads one of the vendor's documents, and skips the test where the documents are not beside the repository.
func schemas(t *testing.T, name string) openapi3.Schemas {
	t.Helper()
	file := "../../../../shared/contracts/specs/hubspot/" + name
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Skip("the vendor's OpenAPI document is not beside the repository: ", file)
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	require.NoError(t, err)
	return doc.Components.Schemas
}

func TestAnswersFitTheVendorsOwnDocuments(t *testing.T) {
	t.Parallel()
	notes, contacts := schemas(t, "Notes-2026-09-notes.json"), schemas(t, "Contacts-2026-09-contacts.json")
	owners, links := schemas(t, "Crm-Owners-2026-09-crmOwners.json"), schemas(t, "Associations-2026-09-associations.json")
	s := start(t)
	for _, c := range []struct {
		in                         openapi3.Schemas
		schema, method, path, body string
	}{
		{notes, "SimplePublicObject", "POST", objects + "notes", `{"properties":{"hs_timestamp":"2026-11-21T10:00:00Z"},"associations":[]}`},
		{notes, "Error", "POST", objects + "notes", `{"properties":{"nada":"x"}}`},
		{notes, "Error", "GET", objects + "notes/1", ""},
		{contacts, "SimplePublicObjectWithAssociations", "GET", objects + "contacts/101?associations=deals", ""},
		{contacts, "SimplePublicObject", "PATCH", objects + "contacts/101", `{"properties":{"phone":"1"}}`},
		{contacts, "CollectionResponseWithTotalSimplePublicObject", "POST", objects + "contacts/search", fmt.Sprintf(byEmail, "pedro.garcia@delvalle.example")},
		{contacts, "BatchResponseSimplePublicObject", "POST", objects + "contacts/batch/read", `{"inputs":[{"id":"101"}]}`},
		{owners, "CollectionResponsePublicOwnerForwardPaging", "GET", "/hubspot/crm/owners/2026-09?limit=1", ""},
		{owners, "PublicOwner", "GET", "/hubspot/crm/owners/2026-09/7001", ""},
		{links, "BatchResponsePublicDefaultAssociation", "PUT", objects + "contacts/102/associations/default/deals/902", ""},
		{links, "LabelsBetweenObjectPair", "PUT", objects + "contacts/103/associations/deals/902", `[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":4}]`},
	} {
		a := s.call(t, c.method, c.path, c.body)
		err := c.in[c.schema].Value.VisitJSON(any(a.body), openapi3.SetSchemaErrorMessageCustomizer(func(e *openapi3.SchemaError) string {
			return strings.Join(e.JSONPointer(), "/") + ": " + e.Reason
		}))
		require.NoError(t, err, "%s %s: %v", c.method, c.path, a.body)
	}
}
