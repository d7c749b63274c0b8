"""PREDICTORS: classifiers and regressors that learn from features, with the Python code that makes the same."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from vae_core.messages import Message


@dataclass(frozen=True)
class Predictor:
    """`make` builds a scikit-learn estimator; `code` is the expression that builds the same, `imports` what it needs."""

    title: Message
    kind: Literal["class", "number"]
    make: Callable[[], Any]
    code: str
    imports: tuple[str, ...]


def _logistic() -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))


def _ridge() -> Any:
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), Ridge())


def _forest_classifier() -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(random_state=0)


def _forest_regressor() -> Any:
    from sklearn.ensemble import RandomForestRegressor

    return RandomForestRegressor(random_state=0)


def _neighbours_classifier() -> Any:
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(10)


def _neighbours_regressor() -> Any:
    from sklearn.neighbors import KNeighborsRegressor

    return KNeighborsRegressor(10)


PIPELINE = "from sklearn.pipeline import make_pipeline"
SCALER = "from sklearn.preprocessing import StandardScaler"
PREDICTORS = {
    "logistic": Predictor(
        Message("logistic regression"),
        "class",
        _logistic,
        "make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))",
        ("from sklearn.linear_model import LogisticRegression", PIPELINE, SCALER),
    ),
    "ridge": Predictor(
        Message("ridge regression"),
        "number",
        _ridge,
        "make_pipeline(StandardScaler(), Ridge())",
        ("from sklearn.linear_model import Ridge", PIPELINE, SCALER),
    ),
    "forest": Predictor(
        Message("random forest"),
        "class",
        _forest_classifier,
        "RandomForestClassifier(random_state=0)",
        ("from sklearn.ensemble import RandomForestClassifier",),
    ),
    "forest-regressor": Predictor(
        Message("random forest"),
        "number",
        _forest_regressor,
        "RandomForestRegressor(random_state=0)",
        ("from sklearn.ensemble import RandomForestRegressor",),
    ),
    "neighbours": Predictor(
        Message("k neighbours"),
        "class",
        _neighbours_classifier,
        "KNeighborsClassifier(10)",
        ("from sklearn.neighbors import KNeighborsClassifier",),
    ),
    "neighbours-regressor": Predictor(
        Message("k neighbours"),
        "number",
        _neighbours_regressor,
        "KNeighborsRegressor(10)",
        ("from sklearn.neighbors import KNeighborsRegressor",),
    ),
}


def suited(kind: str) -> list[str]:
    """The names of the predictors of a class or of a number."""
    return [name for name, one in PREDICTORS.items() if one.kind == kind]
