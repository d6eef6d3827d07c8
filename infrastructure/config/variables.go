package config

import (
	"fmt"
	"reflect"
	"strings"
)

// Variable is one setting, as documentation and examples are made from it.
type Variable struct {
	Name, Default, Doc, Group string
	Secret                    bool
}

// Variables lists every setting, in the order of Config.
func Variables() []Variable {
	var list []Variable
	for group := range reflect.TypeFor[Config]().Fields() {
		for field := range group.Type.Fields() {
			list = append(list, Variable{
				Name: field.Tag.Get("env"), Default: field.Tag.Get("envDefault"), Doc: field.Tag.Get("doc"),
				Group: group.Tag.Get("group"), Secret: field.Type == reflect.TypeFor[Secret](),
			})
		}
	}
	return list
}

// Example renders .env.example: every variable with what it means and its default.
func Example() string {
	var b strings.Builder
	b.WriteString("# Every setting of Tertulia. A test keeps this file equal to infrastructure/config.\n")
	b.WriteString("# Empty is the same as absent. `tertulia dev` needs none of them.\n")
	group := ""
	for _, v := range Variables() {
		if v.Group != group {
			group = v.Group
			fmt.Fprintf(&b, "\n# --- %s\n", group)
		}
		fmt.Fprintf(&b, "# %s.\n%s=%s\n", v.Doc, v.Name, v.Default)
	}
	return b.String()
}
