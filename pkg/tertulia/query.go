package tertulia

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"
)

// queryOf writes the fields of a filter that are set, under the names of their `query` tags: the same tags from which
// the server reads them. A list is joined by commas; an embedded struct's fields are the filter's own.
func queryOf(filter any) url.Values {
	values := url.Values{}
	addQuery(values, reflect.ValueOf(filter))
	return values
}

func addQuery(values url.Values, v reflect.Value) {
	for field, value := range v.Fields() {
		name := field.Tag.Get("query")
		switch {
		case field.Anonymous:
			addQuery(values, value)
		case name == "" || value.IsZero():
		case value.Kind() == reflect.Slice:
			values.Set(name, strings.Join(value.Interface().([]string), ","))
		default:
			values.Set(name, fmt.Sprint(value.Interface()))
		}
	}
}
