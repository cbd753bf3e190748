"""The language of the screen: puts the translations of our words and of Qt's own into the application, or takes them out.

English is what the sources say and needs no file. What is on the screen already stays as it is: whoever calls `use` renews
it (`wiring/appearance.py`). The files are made by `packaging/_translations.py`.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from tray_app.desktop.assets import translations

SOURCE: Final = "en"
CHINESE: Final = "zh_CN"
_OURS: Final = "dragoman-language"  # the name of our translators among the application's children


def wanted(setting: str, of_system: list[str]) -> str:
    """The language for a setting; an empty one means the first of the system's (``zh-Hans-CN``) that there is.

    Traditional Chinese is not answered with simplified: the next language of the system's list is asked for.
    """
    if setting:
        return setting
    for name in of_system:
        locale = QLocale(name)
        if locale.language() is QLocale.Language.English:
            return SOURCE
        if locale.language() is QLocale.Language.Chinese and locale.script() is QLocale.Script.SimplifiedHanScript:
            return CHINESE
    return SOURCE


def current() -> str:
    """The language that is spoken now."""
    return next((translator.language() for translator in _installed()), SOURCE)


def use(setting: str) -> bool:
    """Speak the language of a setting from now on; returns whether it is another one than before."""
    language = wanted(setting, QLocale.system().uiLanguages())
    QLocale.setDefault(QLocale(language) if setting else QLocale.system())  # dates and numbers of Qt's own widgets
    if language == current():
        return False
    for old in _installed():
        QCoreApplication.removeTranslator(old)
        old.setParent(None)
    if language != SOURCE:
        _install(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
        _install(f"dragoman_{language}", str(translations()))
    return True


def _install(name: str, folder: str) -> None:
    translator = QTranslator(QCoreApplication.instance())
    if translator.load(name, folder):
        translator.setObjectName(_OURS)
        QCoreApplication.installTranslator(translator)
    else:  # a build of Qt without its translations: only the standard buttons stay English
        translator.setParent(None)


def _installed() -> list[QTranslator]:
    application = QCoreApplication.instance()
    assert application is not None
    return application.findChildren(QTranslator, _OURS)
