package plan

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"
)

// schemaFile is what readers of saved plans in other languages go by. It is
// made of this package's types and their comments.
const schemaFile = "../docs/plan.schema.json"

// schemer makes a JSON Schema of Go types.
type schemer struct {
	docs   map[string]string // "Type" and "Type.Field"
	defs   map[string]any
	strict bool // no fields but those that are known
}

func newSchemer(t testing.TB, strict bool) *schemer {
	t.Helper()
	s := &schemer{docs: map[string]string{}, defs: map[string]any{}, strict: strict}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			s.learn(d)
		}
	}
	return s
}

// learn notes the comments of a declaration's types and their fields.
func (s *schemer) learn(d ast.Decl) {
	g, ok := d.(*ast.GenDecl)
	if !ok {
		return
	}
	for _, spec := range g.Specs {
		ts, ok := spec.(*ast.TypeSpec)
		if !ok {
			continue
		}
		doc := ts.Doc
		if doc == nil {
			doc = g.Doc
		}
		s.docs[ts.Name.Name] = text(doc)
		st, ok := ts.Type.(*ast.StructType)
		if !ok {
			continue
		}
		for _, f := range st.Fields.List {
			for _, n := range f.Names {
				s.docs[ts.Name.Name+"."+n.Name] = strings.TrimSpace(text(f.Doc) + " " + text(f.Comment))
			}
		}
	}
}

func text(g *ast.CommentGroup) string { return strings.Join(strings.Fields(g.Text()), " ") }

func (s *schemer) of(t reflect.Type) map[string]any {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case t == reflect.TypeFor[Cell]():
		return s.define("Cell", reflect.TypeFor[cellJSON]())
	case t == reflect.TypeFor[Change]():
		return s.define("Change", reflect.TypeFor[changeJSON]())
	case t == reflect.TypeFor[factsJSON]():
		return s.define("Facts", t)
	case t == reflect.TypeFor[RowResult]():
		return s.define("RowResult", reflect.TypeFor[rowJSON]())
	case t == reflect.TypeFor[NamedPhone]():
		return s.define("Phone", reflect.TypeFor[Phone]())
	case t == reflect.TypeFor[Kind]():
		return map[string]any{"type": "string", "enum": Kinds()}
	case t == reflect.TypeFor[RowStatus]():
		return map[string]any{"type": "string", "enum": rowStatuses()}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Struct:
		return s.define(t.Name(), t)
	case reflect.Slice:
		return map[string]any{"type": []string{"array", "null"}, "items": s.of(t.Elem())}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.String:
		return map[string]any{"type": "string"}
	}
	panic("no schema for " + t.String())
}

// define puts a struct's schema among the definitions and refers to it.
func (s *schemer) define(name string, t reflect.Type) map[string]any {
	ref := map[string]any{"$ref": "#/$defs/" + name}
	if s.defs[name] == nil {
		s.defs[name] = true // for types that hold themselves
		s.defs[name] = s.object(name, t)
	}
	return ref
}

func (s *schemer) object(name string, t reflect.Type) map[string]any {
	fields, required := map[string]any{}, []string{}
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if tag == "-" {
			continue
		}
		schema := s.of(f.Type)
		if doc := s.docs[t.Name()+"."+f.Name]; doc != "" {
			schema = maps.Clone(schema)
			schema["description"] = doc
		}
		fields[tag] = schema
		if options == "" {
			required = append(required, tag)
		}
	}
	out := map[string]any{"type": "object", "properties": fields}
	if doc := s.docs[name]; doc != "" {
		out["description"] = doc
	}
	if len(required) > 0 {
		slices.Sort(required)
		out["required"] = required
	}
	if s.strict {
		out["additionalProperties"] = false
	}
	return out
}

func (s *schemer) document(t testing.TB) []byte {
	t.Helper()
	s.defs["Plan"] = s.object("Plan", reflect.TypeFor[Plan]())
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A saved plan of provision, format 1",
		"$ref": "#/$defs/Plan", "$defs": s.defs,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func compiled(t testing.TB, schema []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("plan.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	out, err := c.Compile("plan.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func valid(t testing.TB, s *jsonschema.Schema, plan []byte) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(plan))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

// The published schema is that of the types.
func TestSchemaIsCurrent(t *testing.T) {
	t.Parallel()
	want := newSchemer(t, false).document(t)
	if *update {
		if err := os.WriteFile(schemaFile, want, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("write it anew with go test ./plan -run Schema -update (-want +got)\n%s", diff)
	}
}

// Every plan that is saved is as the schema says, and the schema is no empty
// promise: what is no plan is none by it.
func TestPlansFitTheSchema(t *testing.T) {
	t.Parallel()
	strict := compiled(t, newSchemer(t, true).document(t))
	published, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	loose := compiled(t, published)
	old, err := os.ReadFile("testdata/plan-format-1.json")
	if err != nil {
		t.Fatal(err)
	}
	small := smallPlan(t)
	for name, plan := range map[string][]byte{"of format 1": old, "small": small} {
		if err := valid(t, loose, plan); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, edit := range map[string][2]string{
		"a kind that is none":   {`"kind": "swap"`, `"kind": "replace"`},
		"a status that is none": {`"status": "changed"`, `"status": "done"`},
		"a list that is none":   {`"row_warnings": [`, `"row_warnings": 1, "x": [`},
		"a field that is gone":  {`"account": {`, `"acount": {`},
		"a time that is none":   {`"created_at": "2026`, `"created_at": "MMXXVI`},
	} {
		broken := bytes.Replace(small, []byte(edit[0]), []byte(edit[1]), 1)
		if bytes.Equal(broken, small) || valid(t, loose, broken) == nil {
			t.Errorf("%s: got no error", name)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		sc := drawScene(r)
		o := rapid.SampledFrom([]Options{
			{}, {Prune: PruneListed, ProtectExtensions: []string{"101"}, ProtectDevices: []string{"A"}, Offline: true},
			{Select: Selection{Only: []string{"add"}, Extensions: []string{"1*"}, Rows: []string{"2-9"}, Site: "RN", Limit: 3}},
		}).Draw(r, "options")
		named := o.Select // what it names need not be in the scene
		o.Select.Extensions, o.Select.Rows, o.Select.Site = nil, nil, ""
		p := buildWith(t, sc.s, o, sc.rows...)
		p.Options.Select = named
		b, err := Encode(p)
		if err != nil {
			r.Fatal(err)
		}
		if err := valid(t, strict, b); err != nil {
			r.Fatalf("%v\n%s", err, b)
		}
	})
}
