package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// systemCallers are the packages that may reach past the tenants, by the methods of *postgres.DB that do: each serves what
// belongs to no workspace, or to all.
//
//   - queue: the ledger, the events and the inbox of every workspace
//   - identity: who calls is known only after the look-up
//   - operations: the sweep goes over every workspace
//   - searchpg: policies keep full-text search from its index; its queries name the workspace
//   - pgtest: tests look at the locks of their own database
//   - embed: hands the pool to the listener of identity's changes
func systemCallers() []string {
	return []string{
		"adapter/meetings/meetingspg/searchpg", "adapter/operations/operationspg", "infrastructure/postgres/pgtest",
		"infrastructure/queue", "pkg/embed", "usecase/identity",
	}
}

// doors are the methods of *postgres.DB that lead past row-level security.
func doors() []string { return []string{"System", "SystemPool"} }

// SystemCalls returns, as file:line, every use of those methods below root by a package that is not listed. It reads
// source without types: what is called System or SystemPool and is not a function of an imported package counts, also
// behind an interface. Tests and other modules in the tree are passed over.
func SystemCalls(root fs.FS) ([]string, error) {
	var found []string
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && isElsewhere(root, name):
			return fs.SkipDir
		case entry.IsDir(), !strings.HasSuffix(name, ".go"), strings.HasSuffix(name, "_test.go"),
			slices.Contains(systemCallers(), path.Dir(name)):
			return nil
		}
		calls, err := systemCallsIn(root, name)
		found = append(found, calls...)
		return err
	})
	return found, err
}

// isElsewhere reports whether a folder is another module, or none.
func isElsewhere(root fs.FS, dir string) bool {
	base := path.Base(dir)
	if strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata" || base == "node_modules" {
		return true
	}
	_, err := fs.Stat(root, path.Join(dir, "go.mod"))
	return err == nil
}

func systemCallsIn(root fs.FS, name string) ([]string, error) {
	source, err := fs.ReadFile(root, name)
	if err != nil {
		return nil, err
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("look for calls of the system: %w", err)
	}
	packages := importedAs(file)
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		use, ok := n.(*ast.SelectorExpr)
		if !ok || !slices.Contains(doors(), use.Sel.Name) {
			return true
		}
		if of, ok := use.X.(*ast.Ident); !ok || !packages[of.Name] {
			at := files.Position(use.Sel.Pos())
			found = append(found, fmt.Sprintf("%s:%d", at.Filename, at.Line))
		}
		return true
	})
	return found, nil
}

// importedAs lists the names under which a file knows packages.
func importedAs(file *ast.File) map[string]bool {
	names := map[string]bool{}
	for _, spec := range file.Imports {
		name := path.Base(strings.Trim(spec.Path.Value, `"`))
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = true
	}
	return names
}
