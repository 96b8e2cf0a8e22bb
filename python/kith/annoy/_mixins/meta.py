"""What an index is, without its vectors: as a dict, JSON or YAML."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any, Optional, TypedDict, TypeVar

from ..._files import Path, write_whole
from .._base import Base

Self = TypeVar("Self", bound="MetaMixin")

SCHEMA_VERSION = 1


class IndexMetadata(TypedDict, total=False):
    """The dict that to_metadata gives and from_metadata takes."""

    index_schema_version: int
    params: dict[str, Any]
    info: dict[str, Any]
    persistence: dict[str, Any]
    labels: list[list[Any]]
    feature_names: Optional[list[str]]


class MetaMixin(Base):
    """to_metadata, to_json, to_yaml and the way back."""

    def to_metadata(self, *, include_info: bool = True, strict: bool = True) -> IndexMetadata:
        """Parameters, labels, feature names and the file that holds the index, if it was saved or loaded.

        ``strict`` raises TypeError for labels that JSON cannot hold; otherwise they are left out.
        """
        metadata: IndexMetadata = {
            "index_schema_version": SCHEMA_VERSION,
            "params": dict(self._params),
            "persistence": {"path": self._path},
            "labels": [[i, _plain(label)] for i, label in sorted(self._labels.items())],
            "feature_names": None if self._feature_names is None else list(self._feature_names),
        }
        if include_info:
            metadata["info"] = {"n_items": self.get_n_items(), "n_trees": self.get_n_trees()}
        try:
            json.dumps(metadata["labels"])
        except TypeError as error:
            if strict:
                raise TypeError(f"a label cannot be kept as JSON: {error}") from None
            metadata["labels"] = []
        return metadata

    @classmethod
    def from_metadata(cls: type[Self], metadata: Any, *, load: bool = True) -> Self:
        """An index with these parameters; with ``load``, the file it was saved in is loaded, if there is one.

        No file is written, whatever the parameters say.
        """
        _check(metadata)
        version = metadata.get("index_schema_version")
        if version not in (0, SCHEMA_VERSION):
            raise ValueError(f"index_schema_version must be 0 or {SCHEMA_VERSION}, not {version!r}")
        if "params" not in metadata:
            raise ValueError("the metadata have no 'params'")
        index = cls(**metadata["params"])
        path = (metadata.get("persistence") or {}).get("path")
        if load and path is not None:
            index._load_described(path, metadata, None)
        return index

    def _load_described(self, path: Any, metadata: Any, prefault: Optional[bool]) -> None:
        self.load(path, prefault)  # type: ignore[attr-defined]
        self._labels = {int(i): label for i, label in metadata.get("labels") or []}
        names = metadata.get("feature_names")
        self._feature_names = None if names is None else tuple(names)

    def to_json(
        self,
        path: Optional[Path] = None,
        *,
        indent: int = 2,
        sort_keys: bool = True,
        ensure_ascii: bool = False,
        include_info: bool = True,
        strict: bool = True,
    ) -> str:
        """The metadata as JSON, also written to ``path`` if there is one."""
        metadata = self.to_metadata(include_info=include_info, strict=strict)
        text = json.dumps(metadata, indent=indent, sort_keys=sort_keys, ensure_ascii=ensure_ascii)
        if path is not None:
            _write(path, text)
        return text

    @classmethod
    def from_json(cls: type[Self], path: Path, *, load: bool = True) -> Self:
        """An index from a JSON file, or from JSON text (which starts with a brace)."""
        if isinstance(path, str) and path.lstrip().startswith("{"):
            return cls.from_metadata(json.loads(path), load=load)
        return cls.from_metadata(cls._read_json(path), load=load)

    def to_yaml(self, path: Optional[Path] = None, *, include_info: bool = True, strict: bool = True) -> str:
        """The metadata as YAML; needs PyYAML."""
        import yaml  # type: ignore[import-untyped,unused-ignore]

        text: str = yaml.safe_dump(dict(self.to_metadata(include_info=include_info, strict=strict)))
        if path is not None:
            _write(path, text)
        return text

    @classmethod
    def from_yaml(cls: type[Self], path: Path, *, load: bool = True) -> Self:
        """An index from a YAML file."""
        import yaml  # type: ignore[import-untyped,unused-ignore]

        with open(path, encoding="utf-8") as file:
            return cls.from_metadata(yaml.safe_load(file), load=load)

    @staticmethod
    def _write_json(metadata: IndexMetadata, path: Path) -> None:
        _write(path, json.dumps(metadata, indent=2, sort_keys=True, ensure_ascii=False))

    @staticmethod
    def _read_json(path: Path) -> Any:
        with open(path, encoding="utf-8") as file:
            return json.load(file)


def _check(metadata: Any) -> None:
    """Refuses metadata whose parts are not of the kinds that to_metadata gives."""

    def refuse(part: str, wanted: str, found: Any) -> None:
        raise ValueError(f"{part} must be {wanted}, not {found!r:.80}")

    if not isinstance(metadata, Mapping):
        refuse("the metadata", "an object with 'params'", metadata)
    for part in ("params", "persistence"):
        if not isinstance(metadata.get(part) or {}, Mapping):
            refuse(f"{part!r} of the metadata", "an object", metadata[part])
    path = (metadata.get("persistence") or {}).get("path")
    if not isinstance(path, (str, type(None))):
        refuse("'path' of the metadata", "the name of a file", path)
    labels = metadata.get("labels") or []
    if not isinstance(labels, list) or not all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in labels):
        refuse("'labels' of the metadata", "a list of pairs of id and label", labels)
    names = metadata.get("feature_names")
    if names is not None and not (isinstance(names, (list, tuple)) and all(isinstance(name, str) for name in names)):
        refuse("'feature_names' of the metadata", "a list of names", names)


def _write(path: Path, text: str) -> None:
    os.makedirs(os.path.dirname(os.path.abspath(os.fspath(path))), exist_ok=True)
    write_whole(path, text.encode())


def _plain(label: Any) -> Any:
    """A NumPy number as Python's."""
    return label.item() if hasattr(label, "item") and getattr(label, "ndim", None) == 0 else label
