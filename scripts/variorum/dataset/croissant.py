"""`croissant.json`: the dataset for machines, by Croissant 1.1 and its vocabulary for responsible use (RAI 1.0).

Fields come from `columns`, statements from the material. Written by the mlcroissant library (extra `hub`), which can
read the tables by it again.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from variorum.dataset import columns as described
from variorum.dataset import statements
from variorum.dataset.card import TableInfo
from variorum.dataset.citation import bibtex, licence_address
from variorum.dataset.columns import Column, Each, Labels, Struct, Type, label_sets
from variorum.dataset.material import Material
from variorum.dataset.tables import path_of

NAME = "croissant.json"
CONFORMS_TO = ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
RIGHTS = "The licence is that of the annotations. The texts belong to their publishers: see documents.rights."
UNDATED = datetime(1970, 1, 1)  # the format wants a day


class NoLibrary(ImportError):
    """mlcroissant is not installed; the message says how to get it."""


def croissant(material: Material, tables: Sequence[TableInfo]) -> bytes:
    """The file. NoLibrary without mlcroissant."""
    mlc = _library()
    citation = material.citation
    labels = label_sets(column for table in tables for column in table.columns)
    found = mlc.Metadata(
        name=citation.name,
        description=citation.abstract or citation.title,
        url=citation.url or f"https://huggingface.co/datasets/{citation.name.lower()}",
        license=[licence_address(citation.licence), *([RIGHTS] if material.has_texts else [])],
        version=material.version,
        cite_as=bibtex(citation, material.version),
        date_published=datetime.fromisoformat(citation.released) if citation.released else UNDATED,
        creators=[mlc.Person(name=name) for name in citation.authors],
        keywords=list(citation.keywords) or None,
        in_language=statements.languages(material),
        conforms_to=CONFORMS_TO,
        distribution=[_file(table) for table in tables],
        record_sets=[*(_labels(name, material) for name in labels), *map(_record_set, tables)],
        **_responsible(material),
    )
    return f"{json.dumps(found.to_json(), indent=2, ensure_ascii=False, default=str)}\n".encode()


def _library() -> Any:
    try:
        import mlcroissant
    except ImportError as error:
        raise NoLibrary("a dataset needs mlcroissant for its croissant.json: pip install 'variorum[hub]'") from error
    return mlcroissant


def _responsible(material: Material) -> dict[str, Any]:
    return {
        "data_collection": " ".join(statements.collection(material)),
        "data_collection_type": ["Others"],
        "annotations_per_item": statements.per_item(material),
        "annotator_demographics": list(statements.annotators(material)),
        "data_annotation_protocol": list(statements.protocol(material)),
        "data_annotation_platform": ["Label Studio"],
        "data_annotation_analysis": list(statements.analysis(material)),
        "machine_annotation_tools": list(statements.machines(material)) or None,
        "data_biases": list(statements.biases(material)),
        "data_limitations": list(statements.limits(material)),
        "data_use_cases": list(statements.uses()),
        "personal_sensitive_information": list(statements.people()),
        "data_social_impact": " ".join(statements.impact()),
        "data_release_maintenance_plan": " ".join(statements.maintenance()),
    }


# --- tables --------------------------------------------------------------------------------------------------


def _file(table: TableInfo) -> Any:
    return _library().FileObject(
        id=f"{table.name}-parquet",
        name=f"{table.name}-parquet",
        content_url=path_of(table.name),
        encoding_formats=["application/x-parquet"],
        sha256=table.sha256,
        content_size=f"{table.file_bytes} B",
    )


def _record_set(table: TableInfo) -> Any:
    return _library().RecordSet(
        id=table.name,
        name=table.name,
        description=described.ABOUT[table.name],
        fields=[_field(table, column) for column in table.columns],
    )


def _field(table: TableInfo, column: Column) -> Any:
    mlc = _library()
    name, inner = f"{table.name}/{column.name}", _bare(column.type)
    head = {"id": name, "name": name, "description": column.description, "repeated": isinstance(column.type, Each)}
    extract = mlc.Extract(column=column.name)
    source = mlc.Source(file_object=f"{table.name}-parquet", extract=extract)
    if isinstance(inner, Struct):
        return mlc.Field(**head, source=source, sub_fields=list(_sub_fields(table, column, inner)))
    return mlc.Field(**head, data_types=[_data_type(inner)], source=source, **_references(inner))


def _sub_fields(table: TableInfo, column: Column, struct: Struct) -> Iterator[Any]:
    """The fields of a record in a record; ValueError for one in that, which mlcroissant would not read in full."""
    mlc = _library()
    for each in struct.columns:
        if isinstance(each.type, Each | Struct):
            raise ValueError(f"{table.name}.{column.name}.{each.name} is too deep for Croissant")
        name = f"{table.name}/{column.name}/{each.name}"
        source = mlc.Source(
            file_object=f"{table.name}-parquet",
            extract=mlc.Extract(column=column.name),
            transforms=[mlc.Transform(json_path=each.name)],
        )
        head = {"id": name, "name": name, "description": each.description}
        yield mlc.Field(**head, data_types=[_data_type(each.type)], source=source, **_references(each.type))


def _bare(type: Type) -> Type:
    """A type without the lists around it."""
    return _bare(type.of) if isinstance(type, Each) else type


def _data_type(type: Type) -> Any:
    kinds = _library().DataType
    if isinstance(type, Labels):
        return kinds.INT64
    return {"string": kinds.TEXT, "int32": kinds.INT32, "float64": kinds.FLOAT64, "bool": kinds.BOOL}[str(type)]


def _references(type: Type) -> dict[str, Any]:
    if not isinstance(type, Labels):
        return {}
    return {"references": _library().Source(field=f"labels:{type.label_set}/number")}


def _labels(name: str, material: Material) -> Any:
    """A label set as the format has it: its numbers and names, in order."""
    mlc = _library()
    own = f"labels:{name}"
    fields = [("number", mlc.DataType.INT64), ("name", mlc.DataType.TEXT), ("description", mlc.DataType.TEXT)]
    return mlc.RecordSet(
        id=own,
        name=own,
        key=[f"{own}/number"],
        data_types=["sc:Enumeration"],
        fields=[mlc.Field(id=f"{own}/{each}", name=f"{own}/{each}", data_types=[kind]) for each, kind in fields],
        data=[
            {f"{own}/number": number, f"{own}/name": label.const, f"{own}/description": label.description}
            for number, label in enumerate(material.schema.label_sets[name])
        ],
    )
